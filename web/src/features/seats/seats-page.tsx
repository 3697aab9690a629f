import { Container, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { useTranslations } from "use-intl";
import { serverClock } from "@/api/clock";
import { isMissing } from "@/api/errors";
import { NotFound } from "@/shared/components/not-found";
import { ProblemNote } from "@/shared/components/problem";
import { showingQuery } from "./api";
import { saleOf } from "./sale";
import { SeatChooser } from "./seat-chooser";
import classes from "./seats-page.module.css";
import { ShowingHeading } from "./showing-heading";
import { useLiveSeats } from "./use-live-seats";

const whyClosedEveryMs = 1_500;

/** The seats of a showing: look, pick, hold. Nobody has to be signed in before seats are held. */
export function Component() {
  const t = useTranslations("seats");
  const scheduleId = Number(useParams().scheduleId);
  const seats = useLiveSeats(scheduleId);
  const showing = useQuery({
    ...showingQuery(scheduleId),
    // The seats tell that the sale has ended, the showing tells why.
    refetchInterval: ({ state }) =>
      state.data && saleOf(state.data, seats.data, serverClock.now()) === "closed" ? whyClosedEveryMs : false,
  });

  const failed = [showing, seats].find((query) => query.isError && !query.data);
  if (isMissing(showing.error)) return <NotFound />;
  return (
    <Container size="xl" py="md" className={classes.page}>
      {showing.data && <title>{t("pageTitle", { show: showing.data.show_title })}</title>}
      <ShowingHeading showing={showing.data} />
      {failed && <ProblemNote error={failed.error} onRetry={() => failed.refetch()} />}
      {!failed && showing.data && seats.data && (
        <SeatChooser
          key={scheduleId}
          showing={showing.data}
          seats={seats.data}
          isLive={seats.live}
          sale={saleOf(showing.data, seats.data, serverClock.now())}
        />
      )}
      {!failed && !(showing.data && seats.data) && (
        <div className={classes.columns} aria-hidden>
          <Skeleton h="26rem" radius="lg" />
          <Skeleton h="14rem" radius="lg" />
        </div>
      )}
    </Container>
  );
}
