import { Button, Group, Loader, Stack, Text, Title } from "@mantine/core";
import { IconAlertCircle, IconCreditCard } from "@tabler/icons-react";
import { useSearchParams } from "react-router";
import { useTranslations } from "use-intl";
import { Notice } from "@/shared/components/notice";
import { ProblemNote } from "@/shared/components/problem";
import classes from "./checkout.module.css";
import type { Booking } from "./stage";
import type { usePay } from "./use-pay";
import { WalletWay } from "./wallet-way";

interface Props {
  booking: Booking;
  paying: ReturnType<typeof usePay>;
  page: string;
  /** Why the card was declined there. */
  refused?: string;
}

/**
 * A card page is open. Who comes back from it and says to have paid is asked to wait until the server knows; everybody else may go
 * on there, or turn to the wallet.
 */
export function CardPage({ booking, paying, page, refused }: Props) {
  const t = useTranslations("checkout.card");
  const [parameters] = useSearchParams();
  // The card provider adds it to our address. It is a claim, which only says what to expect; also after a card that was declined.
  const saysPaid = ["succeeded", "processing"].includes(parameters.get("status") ?? "");
  const goOn = (
    <Button
      size="md"
      variant={saysPaid ? "default" : "filled"}
      leftSection={<IconCreditCard size={20} aria-hidden />}
      loading={paying.busy === "DODO"}
      onClick={() => paying.leave(page)}
    >
      {t("goOn")}
    </Button>
  );
  return (
    <Stack>
      {refused && !saysPaid && (
        <Notice icon={<IconAlertCircle aria-hidden />} title={t("refused")}>
          {refused}
        </Notice>
      )}
      {paying.error && <ProblemNote error={paying.error} />}
      <section className={`${classes.card} ${classes.outcome}`}>
        <Group gap="sm" wrap="nowrap">
          {saysPaid && <Loader size="sm" />}
          <Title order={2} size="h3">
            {t(saysPaid ? "waitingTitle" : "openTitle")}
          </Title>
        </Group>
        <Text>{t(saysPaid ? "waiting" : "open")}</Text>
        {!saysPaid && (
          <Text size="sm" c="dimmed">
            {t("paidHint")}
          </Text>
        )}
        {goOn}
      </section>
      {!saysPaid && <WalletWay booking={booking} paying={paying} isSecond />}
    </Stack>
  );
}
