import { ActionIcon, Text } from "@mantine/core";
import { useWindowEvent } from "@mantine/hooks";
import { IconArrowLeft, IconArrowRight } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { Dialog } from "@/shared/components/dialog";
import { useFormats } from "@/shared/format/use-formats";
import type { Booking } from "./api";
import { TicketCode } from "./ticket-code";
import classes from "./ticket-viewer.module.css";
import { TicketState } from "./tickets";
import { useWakeLock } from "./use-wake-lock";

/** One ticket after another over the whole screen, to be held before a scanner: swiped, or turned with the arrow keys. */
export default function TicketViewer(props: { booking: Booking; firstSeat: number; onClose: () => void }) {
  const { booking, firstSeat, onClose } = props;
  const t = useTranslations("bookings");
  const formats = useFormats();
  const awake = useWakeLock();
  const strip = useRef<HTMLDivElement>(null);
  const count = booking.tickets.length;
  const first = Math.max(
    0,
    booking.tickets.findIndex(({ seat_id }) => seat_id === firstSeat),
  );
  const [position, setPosition] = useState(first);

  const turnTo = (index: number) => strip.current?.scrollTo({ left: index * strip.current.clientWidth });
  useEffect(() => {
    const place = strip.current;
    place?.scrollTo({ left: first * place.clientWidth });
  }, [first]);

  useWindowEvent("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    turnTo(position + step);
  });
  return (
    <Dialog
      opened
      fullScreen
      onClose={onClose}
      title={t("viewer.title")}
      transitionProps={{ duration: 0 }}
      classNames={{ content: `${classes.ground} ${classes.content}`, header: classes.ground, body: classes.body }}
    >
      <section
        ref={strip}
        className={classes.strip}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        tabIndex={0}
        data-autofocus
        aria-label={t("viewer.title")}
        onScroll={({ currentTarget: { scrollLeft, clientWidth } }) => setPosition(Math.round(scrollLeft / clientWidth))}
      >
        {booking.tickets.map((ticket) => (
          <div key={ticket.seat_id} className={classes.seat}>
            <div className={classes.code}>
              <TicketCode bookingId={booking.id} seatId={ticket.seat_id} label={ticket.label} />
            </div>
            <div className={classes.label}>{t("tickets.one", { seat: ticket.label })}</div>
            <TicketState ticket={ticket} zone={booking.time_zone} />
            <Text fw={600}>{booking.show_name}</Text>
            <Text c="dimmed">
              {formats.dayAndTime(booking.show_time, booking.time_zone)} · {booking.screen_name}
            </Text>
          </div>
        ))}
      </section>
      <Text c="dimmed" size="sm" ta="center" px="md">
        {t("viewer.brightness")} {awake && t("viewer.awake")}
      </Text>
      {count > 1 && (
        <div className={classes.foot}>
          <ActionIcon
            size={56}
            variant="default"
            aria-label={t("viewer.previous")}
            disabled={position === 0}
            onClick={() => turnTo(position - 1)}
          >
            <IconArrowLeft aria-hidden />
          </ActionIcon>
          <Text fw={600} aria-live="polite">
            {t("viewer.position", { position: position + 1, count })}
          </Text>
          <ActionIcon
            size={56}
            variant="default"
            aria-label={t("viewer.next")}
            disabled={position === count - 1}
            onClick={() => turnTo(position + 1)}
          >
            <IconArrowRight aria-hidden />
          </ActionIcon>
        </div>
      )}
    </Dialog>
  );
}
