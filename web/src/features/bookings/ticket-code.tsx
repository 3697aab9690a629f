import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { ProblemNote } from "@/shared/components/problem";
import { ticketCodeQuery } from "./api";
import classes from "./ticket.module.css";
import { useObjectUrl } from "./use-object-url";

/** The QR of a ticket, always dark on white: scanners read no other. */
export function TicketCode({ bookingId, seatId, label }: { bookingId: number; seatId: number; label: string }) {
  const t = useTranslations("bookings.tickets");
  const { data, error, refetch } = useQuery(ticketCodeQuery(bookingId, seatId));
  const url = useObjectUrl(data);
  if (error) return <ProblemNote error={error} onRetry={() => refetch()} />;
  return (
    <div className={classes.code}>
      {url ? <img src={url} alt={t("codeOf", { seat: label })} /> : <Skeleton className={classes.waiting} />}
    </div>
  );
}
