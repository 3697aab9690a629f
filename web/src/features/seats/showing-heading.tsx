import { Anchor, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { Link } from "react-router";
import { useTranslations } from "use-intl";
import type { Api } from "@/api/types";
import { useFormats } from "@/shared/format/use-formats";

/** What plays where and when, and what a seat costs. */
export function ShowingHeading({ showing }: { showing: Api["schedule_view"] | undefined }) {
  const t = useTranslations("seats");
  const { money, dayAndTime } = useFormats();
  if (!showing) {
    return (
      <Stack gap={6} aria-hidden>
        <Skeleton h={32} w="60%" />
        <Skeleton h={22} w="80%" />
      </Stack>
    );
  }
  return (
    <Stack gap={2}>
      <Title order={1} size="h2">
        <Anchor component={Link} to={`/shows/${showing.show_id}`} inherit c="inherit">
          {showing.show_title}
        </Anchor>
      </Title>
      <Group gap="0 0.75rem">
        <Text fw={600}>{dayAndTime(showing.start_time, showing.time_zone)}</Text>
        <Text c="dimmed">{t("showingFacts", { venue: showing.venue_name, screen: showing.screen_name })}</Text>
        <Text c="dimmed">{t("perSeat", { price: money(showing.price, showing.currency) })}</Text>
      </Group>
    </Stack>
  );
}
