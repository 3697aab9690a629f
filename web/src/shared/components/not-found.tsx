import { Button, Container, Stack, Text, Title } from "@mantine/core";
import { Link } from "react-router";
import { useTranslations } from "use-intl";

/** The page for what does not exist, or not any more. */
export function NotFound() {
  const t = useTranslations("common.errors");
  return (
    <Container size="xs" py="xl">
      <Stack align="flex-start">
        <Title order={1}>{t("notFoundTitle")}</Title>
        <Text>{t("notFound")}</Text>
        <Button component={Link} to="/">
          {t("toHome")}
        </Button>
      </Stack>
    </Container>
  );
}
