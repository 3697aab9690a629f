import { Button, Container, Stack, Text, Title } from "@mantine/core";
import { isRouteErrorResponse, useRouteError } from "react-router";
import { useTranslations } from "use-intl";
import { NotFound } from "@/shared/components/not-found";
import { useErrorText } from "@/shared/components/problem";

/** What stays when a page breaks: the reason, and two ways on. A new version of the app looks the same: its old files are gone. */
export function ErrorPage() {
  const error = useRouteError();
  const t = useTranslations("common");
  const errorText = useErrorText();
  if (isRouteErrorResponse(error) && error.status === 404) return <NotFound />;
  return (
    <Container size="xs" py="xl">
      <Stack align="flex-start">
        <Title order={1}>{t("errors.title")}</Title>
        <Text>{errorText(error)}</Text>
        <Button onClick={() => window.location.reload()}>{t("actions.retry")}</Button>
        <Button variant="subtle" component="a" href="/">
          {t("errors.toHome")}
        </Button>
      </Stack>
    </Container>
  );
}
