import { Button, Group, Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Dialog } from "@/shared/components/dialog";
import type { Venue } from "../venues/venues-api";
import { DayChoice } from "./day-choice";
import type { Block, Showing } from "./layout";
import { OutcomeList } from "./outcome-list";
import { useBatch } from "./use-batch";
import { useClock } from "./use-clock";
import { useReason } from "./use-reason";
import { addDays, type Day } from "./week";
import { copiesOf } from "./wishes";

interface Props {
  venue: Venue;
  week: Day[];
  today: Day;
  blocks: Block[];
  showings: Showing[];
  from: Day;
  onClose: () => void;
}

/** Places what stands on one day on other days too, of this week and the next. */
export function CopyDialog({ venue, week, today, blocks, showings, from, onClose }: Props) {
  const t = useTranslations("admin.calendar");
  const common = useTranslations("common.actions");
  const { longDay } = useClock();
  const [days, setDays] = useState<Day[]>([]);
  const batch = useBatch(venue.time_zone);
  const reasonOf = useReason(venue, showings);
  const wishes = copiesOf(
    blocks.filter(({ day }) => day === from),
    days,
  );
  const twoWeeks = [...week, ...week.map((day) => addDays(day, 7))];
  return (
    <Dialog opened onClose={onClose} title={t("copyTitle", { day: longDay(from) })} size="lg">
      <Stack gap="lg">
        {batch.wished > 0 ? (
          <>
            <OutcomeList
              outcomes={batch.outcomes}
              wished={batch.wished}
              reasonOf={({ wish, error }) => reasonOf(error, wish, wish.duration)}
            />
            <Button size="md" onClick={onClose} disabled={batch.isRunning}>
              {common("close")}
            </Button>
          </>
        ) : (
          <>
            <DayChoice
              label={t("copyTo")}
              days={twoWeeks}
              chosen={days}
              isShut={(day) => day < today || day === from}
              onChange={setDays}
            />
            <Group justify="flex-end">
              <Button variant="default" size="md" onClick={onClose}>
                {common("cancel")}
              </Button>
              <Button size="md" disabled={wishes.length === 0} onClick={() => batch.run(wishes)}>
                {t("placeMany", { count: wishes.length })}
              </Button>
            </Group>
          </>
        )}
      </Stack>
    </Dialog>
  );
}
