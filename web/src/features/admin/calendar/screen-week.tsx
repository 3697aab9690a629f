import { Button, Group, Select, Skeleton, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconCalendarPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslations } from "use-intl";
import { ProblemNote } from "@/shared/components/problem";
import { notify } from "@/shared/notify";
import type { Screen } from "../screens/screens-api";
import { type Show, showsQuery } from "../shows/shows-api";
import type { Venue } from "../venues/venues-api";
import { CopyDialog } from "./copy-dialog";
import { DayStrip } from "./day-strip";
import { type Block, blocksOf, openSpan, shownSpan } from "./layout";
import { PlaceDialog } from "./place-dialog";
import { ShowingDialog } from "./showing-dialog";
import { showingsQuery, useMove, usePlace } from "./showings-api";
import { useReason } from "./use-reason";
import { addDays, type Day, type Place, weekFrom } from "./week";
import { type Refusal, WeekGrid } from "./week-grid";

interface Props {
  venue: Venue;
  screen: Screen;
  screens: Screen[];
  monday: Day;
  today: Day;
  showId?: number;
  onShow: (show: number | undefined) => void;
}
/** What is open on top of the week. */
type Asking =
  | { to: "place"; days: Day[]; minutes?: number; show?: number }
  | { to: "copy"; day: Day }
  | { to: "open"; block: Block };

/** One screen's week, on which showings are placed, moved, copied and cancelled. */
export function ScreenWeek({ venue, screen, screens, monday, today, showId, onShow }: Props) {
  const t = useTranslations("admin.calendar");
  const isPhone = useMediaQuery("(max-width: 48em)") ?? false;
  const week = weekFrom(monday);
  const [day, setDay] = useState(week.includes(today) ? today : monday);
  const [asking, setAsking] = useState<Asking>();
  const [refusal, setRefusal] = useState<Refusal>();
  const { data: shows } = useQuery(showsQuery);
  const playing = useMemo(() => shows?.filter(({ status }) => status === "ACTIVE") ?? [], [shows]);
  const armed = playing.find(({ id }) => id === showId);

  const { data, error, refetch } = useQuery(showingsQuery(venue.id, monday, addDays(monday, 6)));
  const showings = data?.filter((showing) => showing.screen_id === screen.id) ?? [];
  const open = openSpan(venue);
  const blocks = blocksOf(showings, open, venue.time_zone).filter((block) => week.includes(block.day));
  const reasonOf = useReason(venue, showings);
  const placing = usePlace(venue.time_zone);
  const moving = useMove(venue.time_zone);

  const placeNow = (show: Show, place: Place) => {
    setRefusal(undefined);
    const duration = show.duration_minutes;
    placing.mutate(
      { showId: show.id, title: show.title, duration, screenId: screen.id, ...place },
      {
        onSuccess: () => notify({ message: t("placed", { title: show.title }) }),
        onError: (failed) =>
          setRefusal({ ...place, duration, title: show.title, reason: reasonOf(failed, place, duration) }),
      },
    );
  };
  const moveNow = ({ showing, start, end }: Block, to: Place) => {
    setRefusal(undefined);
    const duration = end - start;
    moving.mutate(
      { id: showing.id, to, screenId: screen.id },
      {
        onSuccess: () => notify({ message: t("moved", { title: showing.show_title }) }),
        onError: (failed) =>
          setRefusal({
            ...to,
            duration,
            title: showing.show_title,
            reason: reasonOf(failed, to, duration, showing.id),
          }),
      },
    );
  };
  const pick = (place: Place) => {
    if (place.day < today) return;
    if (armed) placeNow(armed, place);
    else setAsking({ to: "place", days: [place.day], minutes: place.minutes });
  };
  const moved = moving.isPending && blocks.find(({ showing }) => showing.id === moving.variables.id);
  const pending = placing.isPending
    ? placing.variables
    : moved
      ? { ...moving.variables.to, duration: moved.end - moved.start, title: moved.showing.show_title }
      : undefined;
  const shown = shownSpan(open, blocks);
  const close = () => setAsking(undefined);
  return (
    <>
      <Group mb="md" gap="md" align="flex-end">
        <Select
          size="md"
          flex="1 1 16rem"
          maw="26rem"
          label={t("armed")}
          placeholder={t("armedNone")}
          searchable
          clearable
          clearButtonProps={{ "aria-label": t("disarm") }}
          data={playing.map(({ id, title }) => ({ value: String(id), label: title }))}
          value={armed ? String(armed.id) : null}
          onChange={(id) => onShow(id ? Number(id) : undefined)}
        />
        <Button
          size="md"
          leftSection={<IconCalendarPlus size={18} aria-hidden />}
          onClick={() => setAsking({ to: "place", days: [], show: armed?.id })}
        >
          {t("fill")}
        </Button>
        <Text size="sm" c="dimmed" visibleFrom="md" flex="1 1 14rem" pb={8}>
          {armed ? t("hintArmed", { title: armed.title }) : t("hint")}
        </Text>
      </Group>
      {isPhone && <DayStrip days={week} chosen={day} onChoose={setDay} />}
      {error && <ProblemNote error={error} onRetry={refetch} />}
      {!data && !error && <Skeleton height={shown.end - shown.start + 64} radius="lg" />}
      {data && (
        <WeekGrid
          days={isPhone ? [day] : week}
          open={open}
          shown={shown}
          blocks={blocks}
          today={today}
          armed={armed && { title: armed.title, duration: armed.duration_minutes }}
          pending={pending}
          refusal={refusal}
          onPick={pick}
          onMove={moveNow}
          onOpen={(block) => setAsking({ to: "open", block })}
          onAdd={(on) => setAsking({ to: "place", days: [on], show: armed?.id })}
          onCopy={(from) => setAsking({ to: "copy", day: from })}
          onDismiss={() => setRefusal(undefined)}
        />
      )}
      <Text size="sm" c="dimmed" mt="sm">
        {t("zone", { zone: venue.time_zone })}
      </Text>
      {asking?.to === "place" && (
        <PlaceDialog
          {...{ venue, screen, week, today, blocks, open, showings }}
          shows={playing}
          first={asking}
          onClose={close}
        />
      )}
      {asking?.to === "copy" && (
        <CopyDialog {...{ venue, week, today, blocks, showings }} from={asking.day} onClose={close} />
      )}
      {asking?.to === "open" && (
        <ShowingDialog
          {...{ venue, screens, showings }}
          block={asking.block}
          onRepeat={({ showing, start }) => setAsking({ to: "place", days: [], minutes: start, show: showing.show_id })}
          onClose={close}
        />
      )}
    </>
  );
}
