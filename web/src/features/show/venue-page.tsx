import { Alert, Container, Skeleton, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { useTranslations } from "use-intl";
import { isMissing } from "@/api/errors";
import { NotFound } from "@/shared/components/not-found";
import { ProblemNote } from "@/shared/components/problem";
import { useDuration } from "@/shared/format/use-duration";
import { venueQuery, venueShowingsQuery } from "./api";
import classes from "./show.module.css";
import { ShowingsByDay } from "./showings-by-day";

export function Component() {
  const t = useTranslations("show");
  const duration = useDuration();
  const id = Number(useParams().venueId);
  const venue = useQuery(venueQuery(id));
  const showings = useQuery(venueShowingsQuery(id));
  if (isMissing(venue.error)) return <NotFound />;
  const failed = [venue, showings].find(({ isError }) => isError);
  return (
    <Container size="md" py={{ base: "md", sm: "xl" }}>
      {venue.data ? (
        <>
          <title>{t("venueTitle", venue.data)}</title>
          <Title order={1} className={classes.title}>
            {venue.data.name}
          </Title>
          <Text c="dimmed" mb="lg">
            {venue.data.location}, {venue.data.city}
          </Text>
        </>
      ) : (
        <div aria-hidden>
          <Skeleton height={36} width="60%" mb="sm" />
          <Skeleton height={20} width="40%" mb="lg" />
        </div>
      )}
      {failed && <ProblemNote error={failed.error} onRetry={failed.refetch} />}
      {venue.data?.status === "INACTIVE" && <Alert color="red" variant="outline" title={t("venueClosed")} />}
      {showings.isPending && <Skeleton height={240} aria-hidden />}
      {showings.isSuccess && showings.data.length === 0 && <Text>{t("venueNone")}</Text>}
      {showings.isSuccess && showings.data.length > 0 && (
        <ShowingsByDay
          showings={showings.data}
          groupKey={(showing) => showing.show_id}
          groupHeading={(showing) => (
            <>
              <Title order={2} size="h4">
                <Link to={`/shows/${showing.show_id}`} className={classes.headingLink}>
                  {showing.show_title}
                </Link>
              </Title>
              <Text size="sm" c="dimmed">
                {duration(showing.show_duration)}
              </Text>
            </>
          )}
        />
      )}
    </Container>
  );
}
