import { Paper, Skeleton, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { useTranslations } from "use-intl";
import { ProblemNote } from "@/shared/components/problem";
import { useFormats } from "@/shared/format/use-formats";
import { showingsQuery } from "../calendar/showings-api";
import { addDays, dayOf } from "../calendar/week";
import type { SalesRow } from "../reports/reports-api";
import type { Venue } from "../venues/venues-api";
import { showingsOn } from "./attention";
import classes from "./venue-today.module.css";

/** What plays at a venue today, each leading to its bookings; what was sold of it all. */
export function VenueToday({ venue, sales }: { venue: Venue; sales?: SalesRow }) {
  const t = useTranslations("admin.dashboard");
  const { time, number } = useFormats();
  const today = dayOf(new Date(), venue.time_zone);
  const { data, error, refetch } = useQuery(showingsQuery(venue.id, today, addDays(today, 6)));
  const showings = data && showingsOn(data, today, venue.time_zone);
  return (
    <Paper component="section" withBorder radius="lg" className={classes.venue}>
      <header className={classes.head}>
        <Title order={3} fz="md">
          {venue.name}
        </Title>
        <Text size="sm" c="dimmed">
          {venue.city}
          {sales && ` · ${t("sold", { sold: number(sales.seats_sold), offered: number(sales.seats_offered) })}`}
        </Text>
      </header>
      {error && <ProblemNote error={error} onRetry={refetch} />}
      {!showings && !error && <Skeleton height={132} />}
      {showings?.length === 0 && (
        <Text c="dimmed" className={classes.none}>
          {t("nothingToday")}
        </Text>
      )}
      {showings && showings.length > 0 && (
        <ul className={classes.showings}>
          {showings.map((showing) => (
            <li key={showing.id}>
              <Link
                to={`/admin/showings/${showing.id}`}
                className={classes.showing}
                data-over={Date.parse(showing.end_time) < Date.now() || undefined}
              >
                <span className={classes.time}>{time(showing.start_time, venue.time_zone)}</span>
                <span className={classes.title}>{showing.show_title}</span>
                <span className={classes.screen}>{showing.screen_name}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Paper>
  );
}
