import { useTranslations } from "use-intl";

/** Minutes as people say them: "2 h 15 min". */
export function useDuration(): (minutes: number) => string {
  const t = useTranslations("common");
  return (minutes) => t("minutes", { hours: Math.floor(minutes / 60), minutes: minutes % 60 }).trim();
}
