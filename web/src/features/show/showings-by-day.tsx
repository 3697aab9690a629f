import { Tabs, Text, VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import { Link, useSearchParams } from "react-router";
import { useTranslations } from "use-intl";
import { type Day, dayOf, groupBy } from "@/shared/format/days";
import { useDayName } from "@/shared/format/use-day-name";
import { useFormats } from "@/shared/format/use-formats";
import type { Showing } from "./api";
import classes from "./show.module.css";

interface ShowingsByDayProps<S extends Showing> {
  /** By time. */
  showings: S[];
  /** What a day's showings are grouped under: their venue, or their show. */
  groupKey: (showing: S) => number;
  groupHeading: (showing: S) => ReactNode;
}

/** Showings under a tab for each day that has some; the day stands in the address, so that "back" leads to it again. */
export function ShowingsByDay<S extends Showing>({ showings, groupKey, groupHeading }: ShowingsByDayProps<S>) {
  const t = useTranslations("show");
  const dayName = useDayName();
  const [parameters, setParameters] = useSearchParams();
  const days = groupBy(showings, (showing) => dayOf(showing.start_time, showing.time_zone));
  const wanted = parameters.get("day");
  const [first] = days.keys();
  const chosen = wanted && days.has(wanted) ? wanted : (first ?? null);
  const choose = (day: Day | null) => setParameters(day ? { day } : {}, { replace: true, preventScrollReset: true });
  return (
    <Tabs value={chosen} onChange={choose} keepMounted={false} variant="pills">
      <Tabs.List className={classes.days} aria-label={t("dates")}>
        {[...days.keys()].map((day) => (
          <Tabs.Tab key={day} value={day} className={classes.day}>
            {dayName(day)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {[...days].map(([day, ofDay]) => (
        <Tabs.Panel key={day} value={day} pt="md">
          {[...groupBy(ofDay, groupKey).values()].map((group) => (
            <Group key={group[0] && groupKey(group[0])} showings={group} heading={group[0] && groupHeading(group[0])} />
          ))}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

function Group({ showings, heading }: { showings: Showing[]; heading: ReactNode }) {
  const formats = useFormats();
  return (
    <section className={classes.group}>
      {heading}
      <ul className={classes.times}>
        {showings.map((showing) => {
          const time = formats.time(showing.start_time, showing.time_zone);
          const price = formats.money(showing.price, showing.currency);
          return (
            <li key={showing.id}>
              <Link to={`/showings/${showing.id}`} className={classes.time}>
                <span className={classes.clock}>{time}</span>{" "}
                <Text size="xs" c="dimmed" component="span">
                  {showing.screen_name}
                </Text>
                <VisuallyHidden>, {price}</VisuallyHidden>
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
