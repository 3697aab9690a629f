import { Button, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { ownKey } from "@/features/session/session";
import { Dialog } from "@/shared/components/dialog";
import { ProblemNote } from "@/shared/components/problem";
import { useFormats } from "@/shared/format/use-formats";
import { type Booking, bookingQuery, cancelBooking, type Payment, ticketCodes } from "./api";
import { seatsText } from "./seats-text";

/** Says what becomes of seats and money before anything does. */
export default function CancelDialog(props: { booking: Booking; payment: Payment | undefined; onClose: () => void }) {
  const { booking, payment, onClose } = props;
  const t = useTranslations("bookings.cancel");
  const formats = useFormats();
  const queryClient = useQueryClient();
  const paid = booking.status === "CONFIRMED";
  const amount = formats.money(booking.total_amount, booking.currency);
  const cancelling = useMutation({
    // Cancelling again answers as the first time: it needs no key.
    mutationFn: () => cancelBooking(booking.id),
    onSuccess: (cancelled) => {
      queryClient.setQueryData(bookingQuery(booking.id).queryKey, cancelled);
      // Lists, money and the account change; the codes are shown no more, and asking for them again would be refused.
      queryClient.invalidateQueries({ queryKey: [ownKey], predicate: ({ queryKey }) => queryKey[1] !== ticketCodes });
      onClose();
    },
  });
  return (
    <Dialog opened onClose={onClose} title={<b>{t(paid ? "title" : "releaseTitle")}</b>}>
      <Stack>
        <Text>{t("seatsFree", { seats: seatsText(booking) })}</Text>
        <Text fw={600}>
          {paid ? t(payment ? `refund${payment.payment_method}` : "refundUnknown", { amount }) : t("nothingPaid")}
        </Text>
        {cancelling.isError && <ProblemNote error={cancelling.error} onRetry={() => cancelling.mutate()} />}
        <Group grow preventGrowOverflow={false}>
          <Button variant="default" size="md" onClick={onClose} data-autofocus>
            {t("keep")}
          </Button>
          <Button color="red.8" size="md" loading={cancelling.isPending} onClick={() => cancelling.mutate()}>
            {paid ? t("confirm", { amount }) : t("release")}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
