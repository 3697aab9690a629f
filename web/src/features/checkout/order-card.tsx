import { Group, Text, Title } from "@mantine/core";
import { useTranslations } from "use-intl";
import { useFormats } from "@/shared/format/use-formats";
import classes from "./checkout.module.css";
import { HoldClock } from "./hold-clock";
import type { Booking } from "./stage";

export const seatsOf = ({ seat_labels }: Booking) =>
  seat_labels.map(({ row_number, seat_number }) => row_number + seat_number).join(", ");

/** What one buys, for how much, and while it is held, how long still. */
export function OrderCard({ booking, isHeld }: { booking: Booking; isHeld: boolean }) {
  const t = useTranslations("checkout.order");
  const { money, dayAndTime } = useFormats();
  return (
    <section className={classes.card} aria-label={t("label")}>
      <div>
        <Title order={2} size="h3">
          {booking.show_name}
        </Title>
        <Text fw={600}>{dayAndTime(booking.show_time, booking.time_zone)}</Text>
        <Text c="dimmed">{t("where", { screen: booking.screen_name, venue: booking.venue_name })}</Text>
      </div>
      <Text>{t("seats", { count: booking.seat_ids.length, seats: seatsOf(booking) })}</Text>
      <Group justify="space-between" align="baseline">
        <Text>{t("total")}</Text>
        <Text fz="xl" fw={750}>
          {money(booking.total_amount, booking.currency)}
        </Text>
      </Group>
      {isHeld && <HoldClock from={booking.created_at} until={booking.expires_at} />}
    </section>
  );
}
