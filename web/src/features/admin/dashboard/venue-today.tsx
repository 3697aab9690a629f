import { Group, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { ProblemNote } from "@/shared/components/problem";
import { useFormats } from "@/shared/format/use-formats";
import { showingsQuery } from "../calendar/showings-api";
import { addDays, placeOf } from "../calendar/week";
import { RowsSkeleton } from "../frame/page-skeleton";
import { RowLink, RowList } from "../frame/rows";
import type { Venue } from "../venues/venues-api";
import { showingsOn } from "./attention";

/** What plays at a venue today, each leading to its bookings. */
export function VenueToday({ venue }: { venue: Venue }) {
  const t = useTranslations("admin.dashboard");
  const { time } = useFormats();
  const today = placeOf(new Date(), venue.time_zone).day;
  const { data, error, refetch } = useQuery(showingsQuery(venue.id, today, addDays(today, 6)));
  const showings = data && showingsOn(data, today, venue.time_zone);
  return (
    <section>
      <Title order={3} fz="h5" mb="xs">
        {venue.name}
        <Text span c="dimmed" fw={400} ml="xs">
          {venue.city}
        </Text>
      </Title>
      {error && <ProblemNote error={error} onRetry={refetch} />}
      {!showings && !error && <RowsSkeleton rows={3} height={68} />}
      {showings?.length === 0 && <Text c="dimmed">{t("nothingToday")}</Text>}
      {showings && showings.length > 0 && (
        <RowList label={venue.name}>
          {showings.map((showing) => (
            <RowLink key={showing.id} to={`/admin/showings/${showing.id}`}>
              <Text fw={650} miw="5.5rem" style={{ fontVariantNumeric: "tabular-nums" }}>
                {time(showing.start_time, venue.time_zone)}
              </Text>
              <Group gap="xs" flex={1}>
                <Text fw={600}>{showing.show_title}</Text>
                <Text c="dimmed" size="sm">
                  {showing.screen_name}
                </Text>
              </Group>
            </RowLink>
          ))}
        </RowList>
      )}
    </section>
  );
}
