import { SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { useTranslations } from "use-intl";
import { ProblemNote } from "@/shared/components/problem";
import { useFormats } from "@/shared/format/use-formats";
import { dayOf } from "../calendar/week";
import { Empty } from "../frame/empty";
import { PageHead } from "../frame/page-head";
import { RowsSkeleton } from "../frame/page-skeleton";
import { salesQuery } from "../reports/reports-api";
import { venuesQuery } from "../venues/venues-api";
import { AttentionList } from "./attention-list";
import { TodaysFigures } from "./todays-figures";
import { VenueToday } from "./venue-today";

/** The day at a glance: what was sold, what needs somebody, what plays. */
export function Component() {
  const t = useTranslations("admin.dashboard");
  const { longDay } = useFormats();
  const { data, error, refetch } = useQuery(venuesQuery);
  const venues = data?.filter(({ status }) => status === "ACTIVE");
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  // Days are the venues' own; where they differ, the first venue's is on top of the page.
  const zone = venues?.[0]?.time_zone ?? here;
  const now = new Date();
  const today = dayOf(now, zone);
  const sales = useQuery(salesQuery({ from_date: today, to_date: today }, "venue"));
  return (
    <>
      <PageHead title={t("title")} about={longDay(now, zone)} />
      <Stack gap="3rem">
        <TodaysFigures today={today} />
        {venues && <AttentionList venues={venues} />}
        <section aria-labelledby="today">
          <Title order={2} id="today" fz="h3" mb="md">
            {t("today")}
          </Title>
          {error && <ProblemNote error={error} onRetry={refetch} />}
          {!venues && !error && <RowsSkeleton />}
          {venues?.length === 0 && (
            <Empty title={t("noVenue")}>
              <Text component={Link} to="/admin/venues/new" td="underline">
                {t("toNewVenue")}
              </Text>
            </Empty>
          )}
          <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }} spacing="lg">
            {venues?.map((venue) => (
              <VenueToday
                key={venue.id}
                venue={venue}
                sales={sales.data?.find(({ key }) => key === String(venue.id))}
              />
            ))}
          </SimpleGrid>
        </section>
      </Stack>
    </>
  );
}
