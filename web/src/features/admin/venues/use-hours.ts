import { useTranslations } from "use-intl";
import { useFormats } from "@/shared/format/use-formats";

/** A clock's "HH:MM[:SS]" as a moment that is formatted in UTC, which is how a clock without a day is written for readers. */
const clock = (time: string) => `1970-01-01T${time.slice(0, 5)}:00Z`;

/** When a venue is open: "10:00 am to 1:30 am next day". */
export function useHours(): (venue: { opening_time: string; closing_time: string }) => string {
  const t = useTranslations("admin.venues");
  const { time } = useFormats();
  return ({ opening_time, closing_time }) => {
    if (opening_time === closing_time) return t("alwaysOpen");
    const said = { from: time(clock(opening_time), "UTC"), until: time(clock(closing_time), "UTC") };
    return closing_time < opening_time ? t("hoursPastMidnight", said) : t("hours", said);
  };
}
