import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { useTranslations } from "use-intl";
import { ProblemNote } from "@/shared/components/problem";
import { Empty } from "../frame/empty";
import { PageHead } from "../frame/page-head";
import { PageSkeleton } from "../frame/page-skeleton";
import { screensQuery } from "../screens/screens-api";
import { venuesQuery } from "../venues/venues-api";
import { CalendarBar } from "./calendar-bar";
import { ScreenWeek } from "./screen-week";
import { useChoice } from "./use-choice";
import { dayOf, mondayOf } from "./week";

/** The week of a screen. What is looked at stands in the address, so that it can be kept and sent. */
export function Component() {
  const t = useTranslations("admin.calendar");
  const [choice, choose] = useChoice();
  const venues = useQuery(venuesQuery);
  const open = venues.data?.filter(({ status }) => status === "ACTIVE");
  const venue = open?.find(({ id }) => id === choice.venue) ?? open?.[0];
  const screens = useQuery({ ...screensQuery(venue?.id ?? 0), enabled: venue !== undefined });
  const screen = screens.data?.find(({ id }) => id === choice.screen) ?? screens.data?.[0];
  const error = venues.error ?? screens.error;
  const head = <PageHead title={t("title")} about={t("about")} />;
  if (error) {
    return (
      <>
        {head}
        <ProblemNote error={error} onRetry={() => (venues.error ? venues.refetch() : screens.refetch())} />
      </>
    );
  }
  if (!open) return <PageSkeleton />;
  if (!venue) {
    return (
      <>
        {head}
        <Empty title={t("noVenue")}>
          <Text component={Link} to="/admin/venues/new" td="underline">
            {t("toNewVenue")}
          </Text>
        </Empty>
      </>
    );
  }
  const today = dayOf(new Date(), venue.time_zone);
  const monday = mondayOf(choice.week ?? today);
  return (
    <>
      {head}
      <CalendarBar
        venues={open}
        venue={venue}
        screens={screens.data ?? []}
        screen={screen}
        monday={monday}
        today={today}
        choose={choose}
      />
      {screens.data?.length === 0 && (
        <Empty title={t("noScreen")}>
          <Text component={Link} to={`/admin/venues/${venue.id}`} td="underline">
            {t("toNewScreen")}
          </Text>
        </Empty>
      )}
      {screen && (
        <ScreenWeek
          key={`${screen.id} ${monday}`}
          venue={venue}
          screen={screen}
          screens={screens.data ?? []}
          monday={monday}
          today={today}
          showId={choice.show}
          onShow={(show) => choose({ show })}
        />
      )}
    </>
  );
}
