import { useMemo } from "react";
import { useLocale } from "use-intl";

/** How prices and times are written: in the reader's language, times always in the time zone of the venue. */
export function useFormats() {
  const locale = useLocale();
  return useMemo(() => {
    const at = (options: Intl.DateTimeFormatOptions) => (time: string | Date, timeZone: string) =>
      new Intl.DateTimeFormat(locale, { ...options, timeZone }).format(new Date(time));
    return {
      /** `amount` in major units; whole amounts without decimals. */
      money: (amount: number, currency: string) =>
        new Intl.NumberFormat(locale, { style: "currency", currency, trailingZeroDisplay: "stripIfInteger" }).format(
          amount,
        ),
      time: at({ hour: "numeric", minute: "2-digit" }),
      /** From one time of a day to another; what both have is said once: "2:15 – 4:05 pm". */
      timeSpan: (from: Date, until: Date, timeZone: string) =>
        new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit", timeZone }).formatRange(from, until),
      day: at({ weekday: "short", day: "numeric", month: "short" }),
      longDay: at({ weekday: "long", day: "numeric", month: "long" }),
      dayAndTime: at({ weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" }),
      /** A day in three parts, as on a stub. */
      stub: (time: string | Date, timeZone: string) => ({
        weekday: at({ weekday: "short" })(time, timeZone),
        day: at({ day: "numeric" })(time, timeZone),
        month: at({ month: "short" })(time, timeZone),
      }),
      number: (value: number) => new Intl.NumberFormat(locale).format(value),
      /** `part` of a whole, 0 … 1. */
      percent: (part: number) => new Intl.NumberFormat(locale, { style: "percent" }).format(part),
    };
  }, [locale]);
}
