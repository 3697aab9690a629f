import { Button, Container, Stack, Text, Title } from "@mantine/core";
import { useEffect } from "react";
import { isRouteErrorResponse, useRouteError } from "react-router";
import { useTranslations } from "use-intl";
import { NotFound } from "@/shared/components/not-found";
import { useErrorText } from "@/shared/components/problem";
import { useLeaveEarlyPage } from "@/shared/early-page";
import { isLostFile } from "@/shared/lost-file";

/** What stands in the place of a page that breaks: the reason, and two ways on. One that did not come goes on by itself once there is a network. */
export function ErrorPage() {
  const error = useRouteError();
  const t = useTranslations("common");
  const errorText = useErrorText();
  const isLost = isLostFile(error);
  useLeaveEarlyPage();
  useEffect(() => {
    if (!isLost) return;
    window.addEventListener("online", reload);
    return () => window.removeEventListener("online", reload);
  }, [isLost]);
  if (isRouteErrorResponse(error) && error.status === 404) return <NotFound />;
  return (
    <Container size="xs" py="xl">
      <Stack align="flex-start">
        <Title order={1}>{t("errors.title")}</Title>
        <Text>{errorText(error)}</Text>
        <Button onClick={reload}>{t("actions.retry")}</Button>
        <Button variant="subtle" component="a" href="/">
          {t("errors.toHome")}
        </Button>
      </Stack>
    </Container>
  );
}

const reload = () => window.location.reload();
