import { Button, Container, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { useTranslations } from "use-intl";
import type { Api } from "@/api/types";
import { useAccount, useSignedIn } from "./session";
import { SignInForm } from "./sign-in-form";

/** Shows `children` to whoever is signed in, with one of `roles` if these are named; the form, in its place, to others. */
export function SignedInOnly({ roles, children }: { roles?: Api["role"][]; children: ReactNode }) {
  const t = useTranslations();
  const signedIn = useSignedIn();
  const account = useAccount();
  if (!signedIn) return <SignInForm onDone={() => undefined} />;
  if (!roles) return children;
  if (!account) return null;
  if (roles.includes(account.role)) return children;
  return (
    <Container size="xs" py="xl">
      <Title order={1} mb="lg">
        {t("common.errors.title")}
      </Title>
      <Text mb="lg">{t("common.errors.forbidden")}</Text>
      <Button component={Link} to="/">
        {t("common.errors.toHome")}
      </Button>
    </Container>
  );
}
