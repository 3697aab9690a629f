import { Button, Container, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Form } from "react-router";
import { useTranslations } from "use-intl";
import { CitySelect } from "@/shared/components/city-select";
import { ProblemNote } from "@/shared/components/problem";
import { useLeaveEarlyPage } from "@/shared/early-page";
import { dayOf } from "@/shared/format/days";
import { useCity } from "@/shared/hooks/use-city";
import { playingQuery } from "./api";
import classes from "./home.module.css";
import { sectionsOf } from "./sections";
import { ShowCard, ShowCardSkeleton } from "./show-card";

const cardsWhileLoading = 8;

export function Component() {
  const t = useTranslations("home");
  const [city] = useCity();
  const playing = useQuery(playingQuery(city));
  useLeaveEarlyPage(!playing.isPending);
  const shows = playing.data ?? [];
  return (
    <Container size="xl" py={{ base: "md", sm: "xl" }}>
      <title>{t("title")}</title>
      <div className={classes.hero}>
        <Title order={1} className={classes.heading}>
          {t("title")}
        </Title>
        <Text c="dimmed">{t("lead")}</Text>
        <div className={classes.finders}>
          <Form action="/search" className={classes.search} role="search">
            <TextInput
              name="q"
              size="md"
              required
              maxLength={120}
              type="search"
              aria-label={t("searchLabel")}
              placeholder={t("searchPlaceholder")}
              leftSection={<IconSearch size={18} aria-hidden />}
            />
          </Form>
          <CitySelect className={classes.city} />
        </div>
      </div>
      {playing.isError && <ProblemNote error={playing.error} onRetry={playing.refetch} />}
      {playing.isPending && (
        <Section title={t("today")}>
          {Array.from({ length: cardsWhileLoading }, (_, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
            <ShowCardSkeleton key={index} />
          ))}
        </Section>
      )}
      {playing.isSuccess && shows.length === 0 && <NothingPlays />}
      {sectionsOf(shows, dayOf(new Date())).map(({ name, cards }) => (
        <Section key={name} title={t(name)}>
          {cards.map(({ show, isFirst }) => (
            <ShowCard key={show.id} show={show} isFirst={isFirst} />
          ))}
        </Section>
      ))}
    </Container>
  );
}

function Section({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className={classes.section} aria-label={title}>
      <Title order={2} size="h3" mb="md">
        {title}
      </Title>
      <div className={classes.grid}>{children}</div>
    </section>
  );
}

function NothingPlays() {
  const t = useTranslations("home");
  const [city, setCity] = useCity();
  if (!city) return <Text mt="xl">{t("emptyAll")}</Text>;
  return (
    <Stack mt="xl" align="flex-start">
      <Title order={2} size="h3">
        {t("emptyTitle", { city })}
      </Title>
      <Text>{t("emptyHint")}</Text>
      <Button onClick={() => setCity(null)}>{t("allCities")}</Button>
    </Stack>
  );
}
