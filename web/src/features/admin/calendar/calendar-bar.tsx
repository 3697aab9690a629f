import { ActionIcon, Group, NativeSelect, Text } from "@mantine/core";
import { IconCalendarDue, IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import type { Screen } from "../screens/screens-api";
import type { Venue } from "../venues/venues-api";
import type { Choice } from "./use-choice";
import { useClock } from "./use-clock";
import { addDays, type Day, mondayOf } from "./week";

interface Props {
  venues: Venue[];
  venue: Venue;
  screens: Screen[];
  screen?: Screen;
  monday: Day;
  today: Day;
  choose: (change: Choice) => void;
}

/** Which week of which screen is shown. */
export function CalendarBar({ venues, venue, screens, screen, monday, today, choose }: Props) {
  const t = useTranslations("admin.calendar");
  const { day: name } = useClock();
  return (
    <Group mb="lg" gap="md" align="flex-end">
      <NativeSelect
        size="md"
        flex="1 1 12rem"
        maw="22rem"
        label={t("venue")}
        data={venues.map(({ id, name, city }) => ({ value: String(id), label: `${name} · ${city}` }))}
        value={String(venue.id)}
        onChange={(event) => choose({ venue: Number(event.currentTarget.value), screen: undefined })}
      />
      <NativeSelect
        size="md"
        flex="1 1 8rem"
        maw="14rem"
        label={t("screen")}
        data={screens.map(({ id, name }) => ({ value: String(id), label: name }))}
        value={String(screen?.id ?? "")}
        onChange={(event) => choose({ screen: Number(event.currentTarget.value) })}
      />
      <Group gap="xs" wrap="nowrap" ml="auto" w={{ base: "100%", xs: "auto" }}>
        <ActionIcon
          variant="default"
          size={44}
          aria-label={t("weekBefore")}
          onClick={() => choose({ week: addDays(monday, -7) })}
        >
          <IconChevronLeft aria-hidden />
        </ActionIcon>
        <Text fw={600} ta="center" flex={1} miw={{ xs: "12rem" }} aria-live="polite">
          {name(monday)} – {name(addDays(monday, 6))}
        </Text>
        <ActionIcon
          variant="default"
          size={44}
          aria-label={t("weekAfter")}
          onClick={() => choose({ week: addDays(monday, 7) })}
        >
          <IconChevronRight aria-hidden />
        </ActionIcon>
        <ActionIcon
          variant="default"
          size={44}
          aria-label={t("thisWeek")}
          title={t("thisWeek")}
          disabled={monday === mondayOf(today)}
          onClick={() => choose({ week: undefined })}
        >
          <IconCalendarDue aria-hidden />
        </ActionIcon>
      </Group>
    </Group>
  );
}
