import { useTranslations } from "use-intl";
import { ApiError } from "@/api/errors";
import { useErrorText } from "@/shared/components/problem";
import { useFormats } from "@/shared/format/use-formats";
import { useHours } from "../venues/use-hours";
import type { Venue } from "../venues/venues-api";
import type { Showing } from "./layout";
import { momentOf, type Place } from "./week";

/** Reasons that the server gives in English and for any caller; here they are said for this calendar. */
const known = [
  "STARTS_IN_THE_PAST",
  "HAS_LIVE_BOOKINGS",
  "SHOW_CANCELLED",
  "SCHEDULE_CANCELLED",
  "VENUE_INACTIVE",
] as const;

/** Why a showing cannot be at `place`, in a sentence. `showings` are those of the screen. */
export function useReason(venue: Venue, showings: Showing[]) {
  const t = useTranslations("admin.calendar.refused");
  const errorText = useErrorText();
  const hours = useHours();
  const { time } = useFormats();
  return (error: unknown, place: Place, duration: number, except?: number): string => {
    if (!(error instanceof ApiError)) return errorText(error);
    const code = known.find((one) => one === error.code);
    if (code) return t(code);
    if (error.code === "OUTSIDE_VENUE_HOURS") return t("OUTSIDE_VENUE_HOURS", { hours: hours(venue) });
    if (error.code === "SCHEDULE_OVERLAPS") {
      const start = Date.parse(momentOf(place, venue.time_zone));
      const end = start + duration * 60_000;
      const other = showings.find(
        ({ id, start_time, end_time }) => id !== except && Date.parse(start_time) < end && start < Date.parse(end_time),
      );
      if (other) {
        return t("SCHEDULE_OVERLAPS", {
          title: other.show_title,
          from: time(other.start_time, venue.time_zone),
          until: time(other.end_time, venue.time_zone),
        });
      }
    }
    return errorText(error);
  };
}
