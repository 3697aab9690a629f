import { Badge, Container, Group, Paper, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconChevronRight, IconDoor } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { useTranslations } from "use-intl";
import { ProblemNote } from "@/shared/components/problem";
import { useFormats } from "@/shared/format/use-formats";
import { useNow } from "@/shared/hooks/use-now";
import { showingsQuery } from "./api";
import type { Keeper } from "./keeper";
import type { Showing } from "./offline/store";
import { OnlineMark } from "./online-mark";
import { isEntered, todaysShowings } from "./showings";
import classes from "./showings-page.module.css";

/** Which door? Today's showings of one's venue. */
export function ShowingsPage({ keeper }: { keeper: Keeper }) {
  const t = useTranslations("door.showings");
  const now = useNow(30_000);
  const { data, error, refetch } = useQuery(showingsQuery(keeper.venueId));
  const showings = data && todaysShowings(data, now);
  return (
    <Container size="sm" py="xl">
      <title>{t("title")}</title>
      <Group justify="space-between" align="center" mb="lg">
        <Title order={1}>{t("title")}</Title>
        <OnlineMark waiting={0} />
      </Group>
      <Stack>
        {showings?.[0] && <Text c="dimmed">{t("hint", { venue: showings[0].venue_name })}</Text>}
        {showings?.map((showing) => (
          <ShowingLink key={showing.id} showing={showing} now={now} />
        ))}
        {showings?.length === 0 && (
          <Stack align="center" ta="center" py="xl" gap="xs">
            <IconDoor size={48} stroke={1.25} aria-hidden color="var(--mantine-color-dimmed)" />
            <Text>{t("none")}</Text>
          </Stack>
        )}
        {!data && error && <ProblemNote error={error} onRetry={() => refetch()} />}
        {!data && !error && [1, 2, 3].map((row) => <Skeleton key={row} height={82} />)}
      </Stack>
    </Container>
  );
}

function ShowingLink({ showing, now }: { showing: Showing; now: Date }) {
  const t = useTranslations("door.showings");
  const formats = useFormats();
  return (
    <Paper component={Link} to={`/door/${showing.id}`} withBorder className={classes.showing}>
      <span className={classes.time}>{formats.time(showing.start_time, showing.time_zone)}</span>
      <div className={classes.what}>
        <Text fw={650} lh={1.3}>
          {showing.show_title}
        </Text>
        <Text c="dimmed">{showing.screen_name}</Text>
        {isEntered(showing, now) && (
          <Badge variant="dot" color="teal" size="lg" tt="none" mt={4}>
            {t("open")}
          </Badge>
        )}
      </div>
      <IconChevronRight aria-hidden />
    </Paper>
  );
}
