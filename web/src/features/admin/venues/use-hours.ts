import { useTranslations } from "use-intl";
import { useClock } from "../calendar/use-clock";
import { parseClock } from "../calendar/week";

/** When a venue is open: "10:00 am to 1:30 am next day". Its times are "HH:MM" or longer. */
export function useHours(): (venue: { opening_time: string; closing_time: string }) => string {
  const t = useTranslations("admin.venues");
  const { time } = useClock();
  return ({ opening_time, closing_time }) => {
    const [opening, closing] = [parseClock(opening_time), parseClock(closing_time)];
    if (opening === undefined || closing === undefined) return "";
    if (opening === closing) return t("alwaysOpen");
    return t(closing < opening ? "hoursPastMidnight" : "hours", { from: time(opening), until: time(closing) });
  };
}
