import { Group, Paper, Skeleton, Stack, Text } from "@mantine/core";
import { IconClock } from "@tabler/icons-react";
import { Link } from "react-router";
import { useTranslations } from "use-intl";
import { useFormats } from "@/shared/format/use-formats";
import type { Booking } from "./api";
import classes from "./booking-card.module.css";
import { groupOf, stateOf, timeLeft } from "./booking-rules";
import { seatsText } from "./seats-text";
import { StateBadge } from "./state-badge";

/** A booking in a list. An unpaid one leads to where it is paid. */
export function BookingCard({ booking, now }: { booking: Booking; now: Date }) {
  const t = useTranslations("bookings");
  const formats = useFormats();
  const state = stateOf(booking, now);
  const zone = booking.time_zone;
  const stub = formats.stub(booking.show_time, zone);
  return (
    <Paper
      component={Link}
      to={state === "PENDING" ? `/checkout/${booking.id}` : `/bookings/${booking.id}`}
      withBorder
      className={`${classes.card} ${groupOf(booking, now) === "upcoming" ? "" : classes.over}`}
    >
      <div className={classes.stub}>
        <span className={classes.month}>{stub.month}</span>
        <span className={classes.day}>{stub.day}</span>
        <span className={classes.month}>{stub.weekday}</span>
      </div>
      <Stack className={classes.body} gap={6}>
        <Text component="h2" fw={700} size="lg" lh={1.25}>
          {booking.show_name}
        </Text>
        <Text>
          <b>{formats.time(booking.show_time, zone)}</b> ·{" "}
          {t("screenAt", { screen: booking.screen_name, venue: booking.venue_name })}
        </Text>
        <Text c="dimmed">{t("seats", { count: booking.seat_labels.length, seats: seatsText(booking) })}</Text>
        <Group justify="space-between" gap="xs">
          <StateBadge state={state} />
          <Text fw={650}>{formats.money(booking.total_amount, booking.currency)}</Text>
        </Group>
        {state === "PENDING" && (
          <Group justify="space-between" gap="xs" mt={4}>
            <Group gap={6}>
              <IconClock size={18} aria-hidden />
              <Text fw={600}>{t("timeLeft", { time: timeLeft(booking, now) })}</Text>
            </Group>
            <Text fw={700} c="var(--mantine-primary-color-light-color)">
              {t("pay")} →
            </Text>
          </Group>
        )}
      </Stack>
    </Paper>
  );
}

/** As tall as a card, so that nothing moves when it comes. */
export function BookingCardSkeleton() {
  return (
    <Paper withBorder className={`${classes.card} ${classes.over}`} aria-hidden>
      <div className={classes.stub}>
        <Skeleton height={56} width={36} />
      </div>
      <Stack className={classes.body} gap={6}>
        <Skeleton height={27} width="60%" />
        <Skeleton height={24} width="80%" />
        <Skeleton height={24} width="40%" />
        <Skeleton height={26} width="100%" />
      </Stack>
    </Paper>
  );
}
