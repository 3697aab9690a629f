import { Text, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQueries, useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { showingsQuery } from "../calendar/showings-api";
import { useClock } from "../calendar/use-clock";
import { addDays, dayOf } from "../calendar/week";
import { RowLink, RowList } from "../frame/rows";
import { failedRefundsQuery, lettersQuery } from "../operations/operations-api";
import { showsQuery } from "../shows/shows-api";
import type { Venue } from "../venues/venues-api";
import { emptyDays } from "./attention";

/** What somebody should look at: what failed, days without showings, shows without a poster. */
export function AttentionList({ venues }: { venues: Venue[] }) {
  const t = useTranslations("admin.dashboard");
  const { day } = useClock();
  const letters = useQuery(lettersQuery).data?.length ?? 0;
  const refunds = useQuery(failedRefundsQuery).data?.length ?? 0;
  const shows = useQuery(showsQuery).data ?? [];
  const bare = shows.filter(({ status, poster, poster_url }) => status === "ACTIVE" && !poster && !poster_url).length;
  const weeks = useQueries({
    queries: venues.map(({ id, time_zone }) => {
      const today = dayOf(new Date(), time_zone);
      return showingsQuery(id, today, addDays(today, 6));
    }),
  });
  const items: { to: string; text: string }[] = [];
  if (refunds > 0) items.push({ to: "/admin/operations", text: t("failedRefunds", { count: refunds }) });
  if (letters > 0) items.push({ to: "/admin/operations", text: t("deadLetters", { count: letters }) });
  for (const [at, { data }] of weeks.entries()) {
    const venue = venues[at];
    if (!venue || !data) continue;
    const [first, ...more] = emptyDays(data, dayOf(new Date(), venue.time_zone), venue.time_zone);
    if (!first) continue;
    items.push({
      to: `/admin/calendar?venue=${venue.id}&week=${first}`,
      text: t("emptyDays", {
        venue: venue.name,
        day: day(first),
        more: more.length,
      }),
    });
  }
  if (bare > 0) items.push({ to: "/admin/shows", text: t("noPoster", { count: bare }) });
  return (
    <section aria-labelledby="attention">
      <Title order={2} id="attention" fz="h3" mb="md">
        {t("attention")}
      </Title>
      {items.length === 0 ? (
        <Text c="dimmed">{t("allWell")}</Text>
      ) : (
        <RowList label={t("attention")}>
          {items.map(({ to, text }) => (
            <RowLink key={text} to={to}>
              <IconAlertTriangle size={20} color="var(--mantine-color-orange-filled)" aria-hidden />
              <Text flex={1}>{text}</Text>
            </RowLink>
          ))}
        </RowList>
      )}
    </section>
  );
}
