import { Alert, Container, Group, Skeleton, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { useTranslations } from "use-intl";
import { CitySelect } from "@/shared/components/city-select";
import { PageProblem } from "@/shared/components/page-problem";
import { Poster } from "@/shared/components/poster";
import { ProblemNote } from "@/shared/components/problem";
import { Tag } from "@/shared/components/tag";
import { useDuration } from "@/shared/format/use-duration";
import { useFormats } from "@/shared/format/use-formats";
import { useCity } from "@/shared/hooks/use-city";
import { type ShowShowing, showQuery, showShowingsQuery } from "./api";
import classes from "./show.module.css";
import { ShowingsByDay } from "./showings-by-day";

const posterSizes = "(max-width: 48em) 34vw, 300px";

export function Component() {
  const t = useTranslations("show");
  const duration = useDuration();
  const formats = useFormats();
  const id = Number(useParams().showId);
  const show = useQuery(showQuery(id));
  if (show.isError) {
    return (
      <Container size="xl" py="xl">
        <PageProblem error={show.error} onRetry={show.refetch} />
      </Container>
    );
  }
  const known = show.data;
  return (
    <Container size="xl" py={{ base: "md", sm: "xl" }}>
      <title>{known?.title ?? "…"}</title>
      <div className={classes.show}>
        <div className={classes.poster}>
          {known ? (
            <Poster show={known} sizes={posterSizes} isFirst />
          ) : (
            <Skeleton className={classes.posterSkeleton} />
          )}
        </div>
        <div className={classes.facts}>
          {known ? (
            <>
              <Title order={1} className={classes.title}>
                {known.title}
              </Title>
              <Group gap="xs">
                {known.rating && (
                  <Tag size="lg" radius="sm">
                    {known.rating}
                  </Tag>
                )}
                <Text>{[known.language, duration(known.duration_minutes)].filter(Boolean).join(" · ")}</Text>
              </Group>
              <Text fw={600}>{t("from", { price: formats.money(known.price, known.currency) })}</Text>
            </>
          ) : (
            <>
              <Skeleton height={36} width="80%" />
              <Skeleton height={24} width="50%" />
              <Skeleton height={20} width="30%" />
            </>
          )}
        </div>
        {known ? (
          <Text className={classes.description}>{known.description}</Text>
        ) : (
          <Skeleton className={classes.description} height={50} />
        )}
        <div className={classes.showings}>
          {known?.status === "CANCELLED" ? (
            <Alert color="red" variant="outline" title={t("cancelled")} />
          ) : (
            <Showings showId={id} />
          )}
        </div>
      </div>
    </Container>
  );
}

function Showings({ showId }: { showId: number }) {
  const t = useTranslations("show");
  const [city] = useCity();
  const showings = useQuery(showShowingsQuery(showId, city));
  return (
    <>
      <CitySelect className={classes.city} />
      {showings.isPending && (
        <div aria-hidden>
          <Skeleton height={44} width="70%" mb="md" />
          <Skeleton height={120} mb="md" />
          <Skeleton height={120} />
        </div>
      )}
      {showings.isError && <ProblemNote error={showings.error} onRetry={showings.refetch} />}
      {showings.isSuccess && showings.data.length === 0 && (
        <>
          <Title order={2} size="h4">
            {t("noneTitle")}
          </Title>
          <Text>{city ? t("noneInCity", { city }) : t("none")}</Text>
        </>
      )}
      {showings.isSuccess && showings.data.length > 0 && (
        <ShowingsByDay
          showings={showings.data}
          groupKey={(showing) => showing.venue_id}
          groupHeading={(showing) => <VenueHeading showing={showing} />}
        />
      )}
    </>
  );
}

function VenueHeading({ showing }: { showing: ShowShowing }) {
  return (
    <>
      <Title order={2} size="h4">
        <Link to={`/venues/${showing.venue_id}`} className={classes.headingLink}>
          {showing.venue_name}
        </Link>
      </Title>
      <Text size="sm" c="dimmed">
        {showing.venue_location}, {showing.venue_city}
      </Text>
    </>
  );
}
