import { Button, Group, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { useFormats } from "@/shared/format/use-formats";
import rows from "../frame/rows.module.css";
import type { FailedRefund } from "./operations-api";

const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function RefundRow({ refund, onRetry }: { refund: FailedRefund; onRetry: () => void }) {
  const t = useTranslations("admin.operations");
  const { dayAndTime, money } = useFormats();
  return (
    <li>
      <Group className={rows.row} justify="space-between">
        <div style={{ flex: "1 1 20rem" }}>
          <Text fw={650}>
            {money(refund.amount, refund.currency)} · {t("refunds.payment", { id: refund.payment_id })}
          </Text>
          <Text size="sm">{refund.reason}</Text>
          <Text size="sm" c="dimmed">
            {t("refunds.facts", { attempts: refund.attempts, when: dayAndTime(refund.failed_at, here) })}
          </Text>
        </div>
        {refund.can_be_retried ? (
          <Button h={44} onClick={onRetry}>
            {t("retry.do")}
          </Button>
        ) : (
          <Text size="sm" c="dimmed">
            {t(refund.code === "REFUNDED_OUTSIDE" ? "refunds.outside" : "refunds.stillTried")}
          </Text>
        )}
      </Group>
    </li>
  );
}
