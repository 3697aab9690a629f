import { Container, Title } from "@mantine/core";
import { useNavigate, useSearchParams } from "react-router";
import { useTranslations } from "use-intl";
import { withinApp } from "@/shared/within-app";
import { SignInForm } from "./sign-in-form";

/** Leads on to `next`, a path within the app. */
export function Component() {
  const t = useTranslations("session");
  const [parameters] = useSearchParams();
  const navigate = useNavigate();
  return (
    <Container size="xs" py="xl">
      <Title order={1} mb="lg">
        {t("signInTitle")}
      </Title>
      <SignInForm onDone={() => navigate(withinApp(parameters.get("next"), "/"), { replace: true })} />
    </Container>
  );
}
