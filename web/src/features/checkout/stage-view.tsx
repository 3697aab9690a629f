import { Button, Loader, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "react-router";
import { useTranslations } from "use-intl";
import { ownKey } from "@/features/session/session";
import { ProblemNote } from "@/shared/components/problem";
import { useFormats } from "@/shared/format/use-formats";
import { bookingQuery, giveBack } from "./api";
import { CardPage } from "./card-page";
import { Outcome } from "./outcome";
import { PayChoice } from "./pay-choice";
import type { Booking, Stage } from "./stage";
import { usePay } from "./use-pay";

/** What there is to do, or to know, in each stage but the happy end. */
export function StageView({ booking, stage }: { booking: Booking; stage: Exclude<Stage, { is: "confirmed" }> }) {
  const t = useTranslations("checkout");
  const { money } = useFormats();
  const paying = usePay(booking.id);
  const toSeats = (
    <Button component={Link} to={`/showings/${booking.schedule_id}`} size="md">
      {t("backToSeats")}
    </Button>
  );
  switch (stage.is) {
    case "open":
      return (
        <Stack>
          <PayChoice booking={booking} paying={paying} refused={stage.refused} />
          <GiveBack booking={booking} />
        </Stack>
      );
    case "card":
      return (
        <Stack>
          <CardPage booking={booking} paying={paying} page={stage.page} refused={stage.refused} />
          <GiveBack booking={booking} />
        </Stack>
      );
    case "lateCard":
      return <Outcome title={t("card.lateTitle")} text={t("card.late")} icon={<Loader />} action={toSeats} />;
    case "working":
    case "ending":
      return <Outcome title={t(`${stage.is}.title`)} text={t(`${stage.is}.text`)} icon={<Loader />} />;
    case "refund": {
      const state = stage.isDone ? "done" : "pending";
      const amount = money(booking.total_amount, booking.currency);
      return (
        <Outcome
          title={t(`refund.${state}Title`)}
          text={t(`refund.${state}${stage.method}`, { amount })}
          reason={stage.reason}
          action={toSeats}
        />
      );
    }
    case "expired":
    case "cancelled":
    case "failed":
      return <Outcome title={t(`${stage.is}.title`)} text={t(`${stage.is}.text`)} action={toSeats} />;
  }
}

function GiveBack({ booking }: { booking: Booking }) {
  const t = useTranslations("checkout");
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const givingBack = useMutation({
    mutationFn: () => giveBack(booking.id),
    onSuccess: () => navigate(`/showings/${booking.schedule_id}`),
    onSettled: () => {
      queryClient.invalidateQueries({ queryKey: bookingQuery(booking.id).queryKey });
      queryClient.invalidateQueries({ queryKey: [ownKey, "bookings"] });
    },
  });
  return (
    <>
      {givingBack.isError && <ProblemNote error={givingBack.error} onRetry={() => givingBack.mutate()} />}
      <Button variant="subtle" color="gray" h={44} loading={givingBack.isPending} onClick={() => givingBack.mutate()}>
        {t("giveBack")}
      </Button>
    </>
  );
}
