import { useMemo } from "react";
import { useLocale } from "use-intl";

/** "A1, A2 and A3", in the reader's language. */
export function useList(): (items: string[]) => string {
  const locale = useLocale();
  return useMemo(() => {
    const format = new Intl.ListFormat(locale);
    return (items) => format.format(items);
  }, [locale]);
}
