import { Button, Group, Select, Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Dialog } from "@/shared/components/dialog";
import type { Screen } from "../screens/screens-api";
import type { Show } from "../shows/shows-api";
import type { Venue } from "../venues/venues-api";
import { DayChoice } from "./day-choice";
import { type Block, fillTimes, type Showing, type Span } from "./layout";
import { OutcomeList } from "./outcome-list";
import { TimeChoice } from "./time-choice";
import { useBatch } from "./use-batch";
import { useReason } from "./use-reason";
import type { Day } from "./week";
import { wishesFor } from "./wishes";

interface Props {
  venue: Venue;
  screen: Screen;
  week: Day[];
  today: Day;
  open: Span;
  blocks: Block[];
  showings: Showing[];
  shows: Show[];
  /** What the form begins with. */
  first: { days: Day[]; minutes?: number; show?: number };
  onClose: () => void;
}

/** Places a show on a screen, at some times of some days at once. */
export function PlaceDialog(props: Props) {
  const { venue, screen, week, today, open, blocks, showings, shows, first, onClose } = props;
  const t = useTranslations("admin.calendar");
  const common = useTranslations("common.actions");
  const [showId, setShowId] = useState(first.show);
  const [days, setDays] = useState(first.days);
  const [times, setTimes] = useState(first.minutes === undefined ? [] : [first.minutes]);
  const batch = useBatch(venue.time_zone);
  const reasonOf = useReason(venue, showings);
  const show = shows.find(({ id }) => id === showId);
  const wishes = show ? wishesFor(show, screen.id, days, times) : [];
  const busy = blocks.filter((block) => days.includes(block.day));
  return (
    <Dialog opened onClose={onClose} title={t("placeTitle", { screen: screen.name })} size="lg">
      {batch.wished > 0 ? (
        <Stack>
          <OutcomeList
            outcomes={batch.outcomes}
            wished={batch.wished}
            reasonOf={({ wish, error }) => reasonOf(error, wish, wish.duration)}
          />
          <Button size="md" onClick={onClose} disabled={batch.isRunning}>
            {common("close")}
          </Button>
        </Stack>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (wishes.length > 0) batch.run(wishes);
          }}
        >
          <Stack gap="lg">
            <Select
              size="md"
              label={t("show")}
              placeholder={t("chooseShow")}
              searchable
              openOnFocus={false}
              data-autofocus={show ? undefined : true}
              data={shows.map(({ id, title }) => ({ value: String(id), label: title }))}
              value={showId ? String(showId) : null}
              onChange={(id) => setShowId(id ? Number(id) : undefined)}
            />
            <DayChoice label={t("days")} days={week} chosen={days} isShut={(day) => day < today} onChange={setDays} />
            <TimeChoice
              open={open}
              times={times}
              onChange={setTimes}
              fill={show && days.length > 0 ? (gap) => fillTimes(open, busy, show.duration_minutes, gap) : undefined}
            />
            <Group justify="flex-end">
              <Button variant="default" size="md" onClick={onClose}>
                {common("cancel")}
              </Button>
              <Button type="submit" size="md" disabled={wishes.length === 0}>
                {t("placeMany", { count: wishes.length })}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}
