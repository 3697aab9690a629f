import { useCallback } from "react";
import { useLocale, useTranslations } from "use-intl";
import { addDays, type Day, dayOf } from "./days";

/** What people call a day: today, tomorrow, or "Fri 27 Nov". `now` is the venue's day, where that is known. */
export function useDayName(): (day: Day, today?: Day) => string {
  const locale = useLocale();
  const t = useTranslations("common.days");
  return useCallback(
    (day, today = dayOf(new Date())) => {
      if (day === today) return t("today");
      if (day === addDays(today, 1)) return t("tomorrow");
      return new Intl.DateTimeFormat(locale, {
        weekday: "short",
        day: "numeric",
        month: "short",
        timeZone: "UTC",
      }).format(new Date(`${day}T00:00:00Z`));
    },
    [locale, t],
  );
}
