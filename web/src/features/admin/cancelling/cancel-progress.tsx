import { Progress, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { ProblemNote } from "@/shared/components/problem";
import { useFormats } from "@/shared/format/use-formats";
import { Figures } from "../frame/figures";
import { cancellationQuery, type Subject } from "./cancelling-api";
import { partDone } from "./progress";

/** How far a cancellation is. The server knows it, so a reload changes nothing. */
export function CancelProgress({ subject }: { subject: Subject }) {
  const t = useTranslations("admin.cancelling");
  const { money, number } = useFormats();
  const { data: now, error, refetch } = useQuery(cancellationQuery(subject, true));
  if (error) return <ProblemNote error={error} onRetry={refetch} />;
  if (!now) return <Skeleton height={116} />;
  const amount = (value: number) => (now.currency ? money(value, now.currency) : "–");
  const of = (done: number, all: number) => t("doneOf", { done: number(done), all: number(all) });
  return (
    <Stack w="100%" gap="md">
      <Text role="status">{now.state === "DONE" ? t("done") : t("running")}</Text>
      <Progress
        value={partDone(now) * 100}
        color={now.state === "DONE" ? "teal" : undefined}
        size="lg"
        radius="xl"
        aria-label={t("progress")}
      />
      <Figures
        figures={[
          { label: t("bookingsCancelled"), value: of(now.bookings_cancelled, now.bookings) },
          { label: t("refundsDone"), value: of(now.refunds_done, now.refunds_done + now.refunds_pending) },
          { label: t("moneyReturned"), value: amount(now.refunds_done_amount) },
          { label: t("moneyWaiting"), value: amount(now.refunds_pending_amount) },
        ]}
      />
    </Stack>
  );
}
