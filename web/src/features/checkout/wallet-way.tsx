import { Button, Skeleton, Text, Title } from "@mantine/core";
import { IconWallet } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { useTranslations } from "use-intl";
import { useFormats } from "@/shared/format/use-formats";
import { missing } from "@/shared/money";
import { balanceQuery } from "./api";
import classes from "./checkout.module.css";
import type { Booking } from "./stage";
import type { usePay } from "./use-pay";

/** The API's least. */
const leastTopUp = 50;

interface Props {
  booking: Booking;
  paying: ReturnType<typeof usePay>;
  /** Whether another way comes first. */
  isSecond?: boolean;
}

/** Pays from the wallet, or leads to filling it with what is missing. */
export function WalletWay({ booking, paying, isSecond }: Props) {
  const t = useTranslations("checkout.choice");
  const { money } = useFormats();
  const wallet = useQuery(balanceQuery);
  const balance = wallet.data?.current_amount;
  const short = balance === undefined ? 0 : missing(booking.total_amount, balance);
  const topUp = Math.max(short, leastTopUp);
  const amount = (value: number) => money(value, booking.currency);
  const next = encodeURIComponent(`/checkout/${booking.id}`);
  return (
    <section className={`${classes.card} ${classes.way}`} aria-label={t("wallet")}>
      <div>
        <IconWallet size={28} aria-hidden />
        <Title order={3} size="h4">
          {t("wallet")}
        </Title>
        {balance === undefined && !wallet.isError ? (
          <Skeleton h={22} my={2} w="8rem" />
        ) : (
          balance !== undefined && <Text c="dimmed">{t("balance", { amount: amount(balance) })}</Text>
        )}
        {short > 0 && (
          <Text size="sm" fw={600} c="var(--mantine-color-error)">
            {t("short", { amount: amount(short) })} · {t("topUpHint")}
          </Text>
        )}
      </div>
      {short > 0 ? (
        <Button component={Link} to={`/wallet?amount=${topUp}&next=${next}`} size="md" variant="default">
          {t("topUp", { amount: amount(topUp) })}
        </Button>
      ) : (
        <Button
          size="md"
          variant={isSecond ? "default" : "filled"}
          loading={paying.busy === "WALLET"}
          disabled={paying.busy === "DODO"}
          onClick={() => paying.pay("WALLET")}
        >
          {t("payWallet", { amount: amount(booking.total_amount) })}
        </Button>
      )}
    </section>
  );
}
