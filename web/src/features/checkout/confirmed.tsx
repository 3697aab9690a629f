import { Button, Stack, Text, Title } from "@mantine/core";
import { IconTicket } from "@tabler/icons-react";
import { Link } from "react-router";
import { useTranslations } from "use-intl";
import { PaperButtons } from "@/shared/components/paper-buttons";
import { useFormats } from "@/shared/format/use-formats";
import classes from "./checkout.module.css";
import { seatsOf } from "./order-card";
import type { Booking } from "./stage";

/** The seats are sold, to nobody else. */
export function Confirmed({ booking }: { booking: Booking }) {
  const t = useTranslations("checkout");
  const { money, dayAndTime } = useFormats();
  return (
    <section className={classes.ticket} role="status">
      <div className={classes.stub}>
        <svg viewBox="0 0 48 48" className={classes.seal} aria-hidden="true">
          <circle cx="24" cy="24" r="21" pathLength="1" />
          <path d="M15 24.5l6.5 6.5L34 18" pathLength="1" />
        </svg>
        <Title order={1} size="h2" c="inherit">
          {t("confirmed.title")}
        </Title>
        <Text>{t("confirmed.text")}</Text>
      </div>
      <div className={classes.facts}>
        <div>
          <Title order={2} size="h3">
            {booking.show_name}
          </Title>
          <Text fw={600}>{dayAndTime(booking.show_time, booking.time_zone)}</Text>
          <Text c="dimmed">{t("order.where", { screen: booking.screen_name, venue: booking.venue_name })}</Text>
        </div>
        <Text fz="lg" fw={650}>
          {t("order.seats", { count: booking.seat_ids.length, seats: seatsOf(booking) })}
          {" · "}
          {money(booking.total_amount, booking.currency)}
        </Text>
        <Stack gap="xs">
          <Button
            component={Link}
            to={`/bookings/${booking.id}`}
            size="lg"
            leftSection={<IconTicket size={22} aria-hidden />}
          >
            {t("confirmed.tickets")}
          </Button>
          <PaperButtons bookingId={booking.id} />
        </Stack>
      </div>
    </section>
  );
}
