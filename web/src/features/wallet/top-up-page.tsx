import { Button, Container, Group, Loader, Skeleton, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { IconArrowBackUp, IconCheck, IconX } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { Link, useParams } from "react-router";
import { useTranslations } from "use-intl";
import { ownKey } from "@/features/session/session";
import { SignedInOnly } from "@/features/session/signed-in-only";
import { PageProblem } from "@/shared/components/page-problem";
import { useFormats } from "@/shared/format/use-formats";
import { type TopUp, topUpQuery } from "./api";
import { wayBack } from "./way-back";

/** Where the card's page leads back to. What it says is not believed: only the server knows what was paid. */
export function Component() {
  const { topUpId } = useParams();
  return (
    <SignedInOnly>
      <Container size="xs" py={64}>
        <TopUpPage id={Number(topUpId)} />
      </Container>
    </SignedInOnly>
  );
}

function TopUpPage({ id }: { id: number }) {
  const t = useTranslations("wallet.result");
  const { data, error, refetch } = useQuery(topUpQuery(id));
  const queryClient = useQueryClient();
  const status = data?.status;
  useEffect(() => {
    if (status !== "COMPLETED") return;
    queryClient.invalidateQueries({ queryKey: [ownKey, "wallet"] });
    queryClient.invalidateQueries({ queryKey: [ownKey, "account"] });
  }, [status, queryClient]);
  if (error && !data) return <PageProblem error={error} onRetry={() => refetch()} />;
  return (
    <Stack align="center" ta="center">
      <title>{t("pageTitle")}</title>
      {data ? (
        <Result topUp={data} />
      ) : (
        <>
          <Skeleton circle height={72} />
          <Skeleton height={44} width="70%" />
          <Skeleton height={50} />
        </>
      )}
    </Stack>
  );
}

const signs: Record<TopUp["status"], { color: string; icon: ReactNode }> = {
  PENDING: { color: "gray", icon: <Loader size={32} /> },
  COMPLETED: { color: "teal", icon: <IconCheck size={40} aria-hidden /> },
  FAILED: { color: "red", icon: <IconX size={40} aria-hidden /> },
  REFUND_INITIATED: { color: "gray", icon: <IconArrowBackUp size={40} aria-hidden /> },
  REFUNDED: { color: "gray", icon: <IconArrowBackUp size={40} aria-hidden /> },
};

function Result({ topUp }: { topUp: TopUp }) {
  const t = useTranslations("wallet.result");
  const formats = useFormats();
  const { color, icon } = signs[topUp.status];
  const amount = formats.money(topUp.amount, topUp.currency);
  const back = wayBack(topUp.id);
  const isPending = topUp.status === "PENDING";
  return (
    <>
      <ThemeIcon size={72} radius="xl" variant="light" color={color}>
        {icon}
      </ThemeIcon>
      <Stack gap="xs" role="status" align="center">
        <Title order={1} size="h2">
          {t(`${topUp.status}.title`, { amount })}
        </Title>
        <Text>{t(`${topUp.status}.text`, { amount })}</Text>
        {topUp.failure_reason && <Text c="dimmed">{t("reason", { reason: topUp.failure_reason })}</Text>}
      </Stack>
      <Group justify="center" mt="md">
        {isPending && topUp.checkout_url && (
          <Button component="a" href={topUp.checkout_url} size="md">
            {t("pay")}
          </Button>
        )}
        {!isPending && back && (
          <Button component={Link} to={back} size="md">
            {t("back")}
          </Button>
        )}
        <Button component={Link} to="/wallet" size="md" variant={isPending || back ? "default" : "filled"}>
          {t(topUp.status === "FAILED" ? "again" : "wallet")}
        </Button>
      </Group>
    </>
  );
}
