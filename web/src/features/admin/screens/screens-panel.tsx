import { Button, Group, Paper, SimpleGrid, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { useTranslations } from "use-intl";
import { ProblemNote } from "@/shared/components/problem";
import { Empty } from "../frame/empty";
import { rowsOf } from "./plan";
import { ScreenDialog } from "./screen-dialog";
import { type Screen, screensQuery } from "./screens-api";
import { SeatPlan } from "./seat-plan";

/** The screens of a venue, each with its seats drawn. */
export function ScreensPanel({ venueId }: { venueId: number }) {
  const t = useTranslations("admin.screens");
  const { data: screens, error, refetch } = useQuery(screensQuery(venueId));
  const [asking, setAsking] = useState<{ screen?: Screen }>();
  const add = (
    <Button size="md" leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setAsking({})}>
      {t("add")}
    </Button>
  );
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <Text c="dimmed" maw="40rem">
          {t("about")}
        </Text>
        {screens && screens.length > 0 && add}
      </Group>
      {error && <ProblemNote error={error} onRetry={refetch} />}
      {screens?.length === 0 && (
        <Empty title={t("none")}>
          <Text c="dimmed" mb="sm">
            {t("noneHint")}
          </Text>
          {add}
        </Empty>
      )}
      <SimpleGrid cols={{ base: 1, sm: 2, xl: 3 }} spacing="lg">
        {!screens && !error && [1, 2, 3].map((place) => <Skeleton key={place} height={320} radius="lg" />)}
        {screens?.map((screen) => (
          <Paper key={screen.id} component="article" withBorder radius="lg" p="lg">
            <Title order={2} fz="h4">
              {screen.name}
            </Title>
            <Text size="sm" c="dimmed" mb="md">
              {t("size", {
                seats: screen.capacity,
                rows: rowsOf(screen.capacity, screen.seats_per_row).length,
                perRow: screen.seats_per_row,
              })}
            </Text>
            <SeatPlan capacity={screen.capacity} seatsPerRow={screen.seats_per_row} />
            <Group mt="md" gap="xs">
              <Button variant="default" h={44} onClick={() => setAsking({ screen })}>
                {t("change")}
              </Button>
              <Button
                component={Link}
                variant="subtle"
                h={44}
                to={`/admin/calendar?venue=${venueId}&screen=${screen.id}`}
              >
                {t("plan")}
              </Button>
            </Group>
          </Paper>
        ))}
      </SimpleGrid>
      {asking && <ScreenDialog venueId={venueId} screen={asking.screen} onClose={() => setAsking(undefined)} />}
    </Stack>
  );
}
