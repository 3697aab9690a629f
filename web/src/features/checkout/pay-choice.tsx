import { Button, Stack, Text, Title } from "@mantine/core";
import { IconAlertCircle, IconCreditCard } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { Notice } from "@/shared/components/notice";
import { ProblemNote } from "@/shared/components/problem";
import { useFormats } from "@/shared/format/use-formats";
import classes from "./checkout.module.css";
import type { Booking } from "./stage";
import type { usePay } from "./use-pay";
import { WalletWay } from "./wallet-way";

interface Props {
  booking: Booking;
  paying: ReturnType<typeof usePay>;
  /** Why the try before came to nothing. */
  refused?: string;
}

/** Wallet or card, side by side. */
export function PayChoice({ booking, paying, refused }: Props) {
  const t = useTranslations("checkout.choice");
  const { money } = useFormats();
  return (
    <Stack>
      {refused && !paying.error && (
        <Notice icon={<IconAlertCircle aria-hidden />} title={t("refused")}>
          {refused} {t("again")}
        </Notice>
      )}
      {paying.error && <ProblemNote error={paying.error} />}
      <Title order={2} size="h4">
        {t("label")}
      </Title>
      <div className={classes.ways}>
        <WalletWay booking={booking} paying={paying} />
        <section className={`${classes.card} ${classes.way}`} aria-label={t("card")}>
          <div>
            <IconCreditCard size={28} aria-hidden />
            <Title order={3} size="h4">
              {t("card")}
            </Title>
            <Text c="dimmed">{t("cardHint")}</Text>
          </div>
          <Button
            size="md"
            loading={paying.busy === "DODO"}
            disabled={paying.busy === "WALLET"}
            onClick={() => paying.pay("DODO")}
          >
            {t("payCard", { amount: money(booking.total_amount, booking.currency) })}
          </Button>
        </section>
      </div>
    </Stack>
  );
}
