import { Anchor, Container, Group, Skeleton, Stack, Text, TextInput, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Link, useSearchParams } from "react-router";
import { useTranslations } from "use-intl";
import { CitySelect } from "@/shared/components/city-select";
import { ProblemNote } from "@/shared/components/problem";
import { useDuration } from "@/shared/format/use-duration";
import { useCity } from "@/shared/hooks/use-city";
import { searchQuery } from "./api";
import { MarkedText } from "./marked-text";
import classes from "./search.module.css";

const typingPauseMs = 150;
const longestQuery = 120; // the API's most

export function Component() {
  const t = useTranslations("search");
  const duration = useDuration();
  const [city] = useCity();
  const [parameters, setParameters] = useSearchParams();
  const asked = parameters.get("q") ?? "";
  const [typed, setTyped] = useState(asked);
  const [settled] = useDebouncedValue(typed, typingPauseMs);
  const found = useQuery(searchQuery(settled, city));
  const results = useRef<HTMLDivElement>(null);

  // The address follows what is typed, so that a result's "back" leads here again.
  useEffect(() => {
    if (settled !== asked) setParameters(settled ? { q: settled } : {}, { replace: true });
  }, [settled, asked, setParameters]);

  const shows = found.data?.shows ?? [];
  const venues = found.data?.venues ?? [];
  const isEmpty = found.isSuccess && !found.isPlaceholderData && shows.length + venues.length === 0;

  /** Up and down lead from the field through the results, and back. */
  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const stops = [...(results.current?.querySelectorAll<HTMLElement>("input[type=search], a") ?? [])];
    const next = stops[stops.indexOf(document.activeElement as HTMLElement) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };

  return (
    <Container size="md" py={{ base: "md", sm: "xl" }} ref={results} onKeyDown={move}>
      <title>{settled ? t("titleFor", { query: settled }) : t("title")}</title>
      <Title order={1} size="h2" mb="md">
        {t("title")}
      </Title>
      <Group align="flex-start" mb="lg" role="search">
        <TextInput
          className={classes.field}
          type="search"
          size="md"
          autoFocus
          aria-label={t("label")}
          placeholder={t("placeholder")}
          maxLength={longestQuery}
          leftSection={<IconSearch size={18} aria-hidden />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <CitySelect className={classes.city} />
      </Group>
      <Text className={classes.status} role="status">
        {found.isSuccess && settled && t("count", { shows: shows.length, venues: venues.length })}
      </Text>
      {found.isError && <ProblemNote error={found.error} onRetry={found.refetch} />}
      {settled && found.isPending && !found.isError && <Loading />}
      {!settled && <Text c="dimmed">{t("hint")}</Text>}
      {found.data?.did_you_mean && (
        <Text mb="md">
          {t("didYouMean")}{" "}
          <Anchor
            component={Link}
            to={`/search?q=${encodeURIComponent(found.data.did_you_mean)}`}
            onClick={() => setTyped(found.data?.did_you_mean ?? "")}
          >
            {found.data.did_you_mean}
          </Anchor>
        </Text>
      )}
      {isEmpty && (
        <Stack gap="xs">
          <Title order={2} size="h4">
            {t("nothing", { query: settled })}
          </Title>
          <Text>{city ? t("nothingInCity", { city }) : t("nothingHint")}</Text>
        </Stack>
      )}
      {shows.length > 0 && (
        <section aria-labelledby="found-shows">
          <Title order={2} size="h4" id="found-shows" mb="xs">
            {t("shows")}
          </Title>
          <ul className={classes.list}>
            {shows.map((show) => (
              <li key={show.id} className={classes.item}>
                {show.poster_url ? (
                  <img className={classes.thumb} src={show.poster_url} alt="" width={64} height={96} loading="lazy" />
                ) : (
                  <div className={classes.thumb} aria-hidden />
                )}
                <div>
                  <Link to={`/shows/${show.id}`} className={classes.link}>
                    <MarkedText highlight={show.highlight?.title ?? ""} />
                    {!show.highlight && show.title}
                  </Link>
                  <Text size="sm" c="dimmed">
                    {[show.language, show.rating, duration(show.duration_minutes)].filter(Boolean).join(" · ")}
                  </Text>
                  <Text size="sm" lineClamp={2}>
                    {show.highlight ? <MarkedText highlight={show.highlight.text} /> : show.description}
                  </Text>
                </div>
              </li>
            ))}
          </ul>
        </section>
      )}
      {venues.length > 0 && (
        <section aria-labelledby="found-venues">
          <Title order={2} size="h4" id="found-venues" mb="xs">
            {t("venues")}
          </Title>
          <ul className={classes.list}>
            {venues.map((venue) => (
              <li key={venue.id} className={classes.item}>
                <div>
                  <Link to={`/venues/${venue.id}`} className={classes.link}>
                    <MarkedText highlight={venue.highlight?.title ?? ""} />
                    {!venue.highlight && venue.name}
                  </Link>
                  <Text size="sm" c="dimmed">
                    {venue.location}, {venue.city}
                  </Text>
                </div>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Container>
  );
}

function Loading() {
  return (
    <Stack aria-hidden>
      {[0, 1, 2].map((index) => (
        <Skeleton key={index} height={96} />
      ))}
    </Stack>
  );
}
