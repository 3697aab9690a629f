import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { IntlProvider, useLocale, useMessages, useTimeZone } from "use-intl";
import { loadHouse, type Messages } from "@/messages";
import { useLanguage } from "./language";

/** Adds the words of those who run the house to all that is within; shows `fallback` until they are there. */
export function HouseMessages({ fallback = null, children }: { fallback?: ReactNode; children: ReactNode }) {
  const { language } = useLanguage();
  const locale = useLocale();
  const timeZone = useTimeZone();
  const everybodys = useMessages() as Messages;
  const { data: house } = useQuery({
    queryKey: ["house-messages", language],
    queryFn: async () => (await loadHouse[language]()).default,
    staleTime: Number.POSITIVE_INFINITY,
    networkMode: "always", // a door without a network has them in its browser
    placeholderData: (before) => before, // the old language stays until the new one is there
  });
  if (!house) return fallback;
  return (
    <IntlProvider
      locale={locale}
      timeZone={timeZone}
      messages={{ ...everybodys, ...house, refusals: { ...everybodys.refusals, ...house.refusals } } as never}
    >
      {children}
    </IntlProvider>
  );
}
