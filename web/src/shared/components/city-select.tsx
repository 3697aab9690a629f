import { NativeSelect } from "@mantine/core";
import { IconMapPin } from "@tabler/icons-react";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { api, unwrap } from "@/api/client";
import { useCity } from "@/shared/hooks/use-city";

const mostCities = 200;

export const citiesQuery = queryOptions({
  queryKey: ["cities"],
  queryFn: () => unwrap(api.GET("/search/cities", { params: { query: { limit: mostCities } } })),
  staleTime: 10 * 60_000,
});

/** Chooses the city whose cinemas are shown; the choice is remembered, and the same on every page. */
export function CitySelect({ className }: { className?: string }) {
  const t = useTranslations("common.city");
  const [city, setCity] = useCity();
  const cities = useQuery(citiesQuery).data ?? [];
  // A remembered city stays to be chosen even when none is known, or its last cinema has closed.
  const known = city && !cities.includes(city) ? [city, ...cities] : cities;
  return (
    <NativeSelect
      className={className}
      aria-label={t("label")}
      leftSection={<IconMapPin size={18} aria-hidden />}
      size="md"
      value={city ?? ""}
      onChange={(event) => setCity(event.currentTarget.value || null)}
      data={[{ value: "", label: t("all") }, ...known]}
    />
  );
}
