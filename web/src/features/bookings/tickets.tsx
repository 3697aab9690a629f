import { Button, Group, Paper, SimpleGrid, Stack, Text, Title, UnstyledButton } from "@mantine/core";
import { IconCheck, IconCircleDashedCheck, IconMaximize } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslations } from "use-intl";
import { useFormats } from "@/shared/format/use-formats";
import type { Booking } from "./api";
import classes from "./ticket.module.css";
import { TicketCode } from "./ticket-code";

const TicketViewer = lazy(() => import("./ticket-viewer"));

/** The tickets of a confirmed booking, a code for each seat. */
export function Tickets({ booking }: { booking: Booking }) {
  const t = useTranslations("bookings.tickets");
  const [viewed, setViewed] = useState<number>(); // the seat that is shown large
  const firstUnused = booking.tickets.find(({ state }) => state === "VALID") ?? booking.tickets[0];
  if (!firstUnused) return null;
  return (
    <Stack component="section" aria-labelledby="tickets">
      <Group justify="space-between">
        <Title order={2} size="h3" id="tickets">
          {t("title", { count: booking.tickets.length })}
        </Title>
        <Button
          size="md"
          leftSection={<IconMaximize size={18} aria-hidden />}
          onClick={() => setViewed(firstUnused.seat_id)}
        >
          {t("show")}
        </Button>
      </Group>
      <Text c="dimmed">{t("hint")}</Text>
      <SimpleGrid cols={{ base: 2, sm: 3 }}>
        {booking.tickets.map((ticket) => (
          <Paper
            key={ticket.seat_id}
            withBorder
            className={`${classes.ticket} ${ticket.state === "USED" ? classes.used : ""}`}
          >
            <div className={classes.ticketHead}>
              <Text fw={750} size="lg">
                {ticket.label}
              </Text>
              <TicketState ticket={ticket} zone={booking.time_zone} />
            </div>
            <UnstyledButton
              className={classes.open}
              aria-label={t("showOne", { seat: ticket.label })}
              onClick={() => setViewed(ticket.seat_id)}
            >
              <TicketCode bookingId={booking.id} seatId={ticket.seat_id} label={ticket.label} />
            </UnstyledButton>
          </Paper>
        ))}
      </SimpleGrid>
      {viewed !== undefined && (
        <Suspense>
          <TicketViewer booking={booking} firstSeat={viewed} onClose={() => setViewed(undefined)} />
        </Suspense>
      )}
    </Stack>
  );
}

export function TicketState({ ticket, zone }: { ticket: Booking["tickets"][number]; zone: string }) {
  const t = useTranslations("bookings.tickets");
  const formats = useFormats();
  const used = ticket.state === "USED";
  const Icon = used ? IconCheck : IconCircleDashedCheck;
  return (
    <Group gap={4} wrap="nowrap">
      <Icon size={16} aria-hidden />
      <Text size="sm">
        {used && ticket.used_at ? t("usedAt", { time: formats.time(ticket.used_at, zone) }) : t(ticket.state)}
      </Text>
    </Group>
  );
}
