import { Anchor, Loader, Paper, Text, Timeline, Title } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { Link } from "react-router";
import { useTranslations } from "use-intl";
import { useFormats } from "@/shared/format/use-formats";
import type { Payment } from "./api";
import type { Refund } from "./booking-rules";

/** Where the money is. Nothing is called back before the payment says so. */
export function RefundProgress({ payment, refund }: { payment: Payment; refund: Refund }) {
  const t = useTranslations("bookings.refund");
  const formats = useFormats();
  const amount = formats.money(payment.amount, payment.currency);
  const method = payment.payment_method;
  const done = <IconCheck size={14} aria-hidden />;
  const isBack = refund === "BACK";
  return (
    <Paper withBorder p="lg" component="section" aria-labelledby="refund">
      <Title order={2} size="h3" id="refund" mb="md">
        {t("title")}
      </Title>
      <Timeline active={isBack ? 2 : 1} bulletSize={26} lineWidth={2} color="teal.8" aria-live="polite">
        <Timeline.Item bullet={done} title={t("cancelled")} />
        <Timeline.Item
          bullet={isBack ? done : <Loader size={14} color="white" />}
          title={isBack ? t("ON_ITS_WAY", { amount }) : t(refund, { amount })}
        >
          <Text size="sm" c="dimmed">
            {t(`to${method}`)}
          </Text>
        </Timeline.Item>
        <Timeline.Item bullet={isBack && done} title={t(`BACK_${method}`, { amount })}>
          {isBack && (
            <Text size="sm" c="dimmed">
              {formats.dayAndTime(payment.updated_at, Intl.DateTimeFormat().resolvedOptions().timeZone)}
            </Text>
          )}
        </Timeline.Item>
      </Timeline>
      <Text size="sm" c="dimmed" mt="md">
        {!isBack && t("waiting")} {method === "DODO" && t("bankHint")}
      </Text>
      {isBack && method === "WALLET" && (
        <Anchor component={Link} to="/wallet">
          {t("seeWallet")}
        </Anchor>
      )}
    </Paper>
  );
}
