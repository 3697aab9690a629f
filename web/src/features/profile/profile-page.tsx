import { Button, Container, Skeleton, Stack, Title } from "@mantine/core";
import { IconLogout } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { useTranslations } from "use-intl";
import { accountQuery, useSignOut } from "@/features/session/session";
import { SignedInOnly } from "@/features/session/signed-in-only";
import { ProblemNote } from "@/shared/components/problem";
import { AccountForm } from "./account-form";
import { PasswordForm } from "./password-form";
import { Preferences } from "./preferences";
import { Section } from "./section";

export function Component() {
  return (
    <SignedInOnly>
      <ProfilePage />
    </SignedInOnly>
  );
}

function ProfilePage() {
  const t = useTranslations();
  const signOut = useSignOut();
  const navigate = useNavigate();
  const { data: account, error, refetch } = useQuery(accountQuery);
  return (
    <Container size="xs" py="xl">
      <title>{t("profile.title")}</title>
      <Title order={1} mb="lg">
        {t("profile.title")}
      </Title>
      <Stack gap="lg">
        {error && !account && <ProblemNote error={error} onRetry={() => refetch()} />}
        <Section title={t("profile.you")}>
          {account ? <AccountForm account={account} /> : <Skeleton height={340} />}
        </Section>
        <Section title={t("profile.preferences")}>
          <Preferences />
        </Section>
        <Section title={t("profile.password.title")} note={t("profile.password.note")}>
          <PasswordForm email={account?.email ?? ""} />
        </Section>
        <Button
          variant="subtle"
          color="gray"
          size="md"
          leftSection={<IconLogout size={20} aria-hidden />}
          onClick={() => signOut().then(() => navigate("/"))}
        >
          {t("common.nav.signOut")}
        </Button>
      </Stack>
    </Container>
  );
}
