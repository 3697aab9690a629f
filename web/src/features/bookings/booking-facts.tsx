import { Group, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { useFormats } from "@/shared/format/use-formats";
import type { Booking, Payment } from "./api";
import { type BookingState, timeLeft } from "./booking-rules";
import { seatsText } from "./seats-text";
import { StateBadge } from "./state-badge";

/** What was booked: when, where, which seats, for how much. */
export function BookingFacts(props: {
  booking: Booking;
  payment: Payment | undefined;
  state: BookingState;
  now: Date;
}) {
  const { booking, payment, state, now } = props;
  const t = useTranslations("bookings");
  const formats = useFormats();
  const zone = booking.time_zone;
  const amount = formats.money(booking.total_amount, booking.currency);
  const end = booking.end_time && formats.time(booking.end_time, zone);
  const start = formats.time(booking.show_time, zone);
  return (
    <Stack gap="lg">
      <div>
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <Title order={1}>{booking.show_name}</Title>
          <StateBadge state={state} />
        </Group>
        <Text c="dimmed">{t("number", { id: booking.id })}</Text>
      </div>
      <Paper withBorder p="lg">
        <SimpleGrid component="dl" m={0} cols={{ base: 1, xs: 2 }} spacing="lg">
          <Fact name={t("facts.when")} note={end ? t("facts.times", { start, end }) : start}>
            {formats.longDay(booking.show_time, zone)}
          </Fact>
          <Fact name={t("facts.where")} note={booking.screen_name}>
            {booking.venue_name}
          </Fact>
          <Fact name={t("facts.seats")}>{seatsText(booking)}</Fact>
          {state === "CONFIRMED" && payment ? (
            <Fact name={t("facts.paid")}>{t(`facts.by${payment.payment_method}`, { amount })}</Fact>
          ) : (
            <Fact
              name={t(state === "PENDING" ? "facts.toPay" : "facts.paid")}
              note={state === "PENDING" ? t("timeLeft", { time: timeLeft(booking, now) }) : undefined}
            >
              {amount}
            </Fact>
          )}
        </SimpleGrid>
      </Paper>
    </Stack>
  );
}

function Fact({ name, note, children }: { name: string; note?: string; children: ReactNode }) {
  return (
    <div>
      <Text component="dt" size="sm" c="dimmed">
        {name}
      </Text>
      <Text component="dd" m={0} fw={650} size="lg" lh={1.3}>
        {children}
        {note && (
          <Text span display="block" fw={400} size="md">
            {note}
          </Text>
        )}
      </Text>
    </div>
  );
}
