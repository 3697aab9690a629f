import type { Block } from "./layout";
import type { Day } from "./week";

/** A showing that somebody would like to have. */
export interface Wish {
  showId: number;
  title: string;
  duration: number;
  screenId: number;
  day: Day;
  minutes: number;
}

/** A show at each of `times` on each of `days`, in the order in which they would begin. */
export function wishesFor(
  show: { id: number; title: string; duration_minutes: number },
  screenId: number,
  days: Day[],
  times: number[],
): Wish[] {
  const inOrder = [...new Set(times)].sort((one, other) => one - other);
  return [...days].sort().flatMap((day) =>
    inOrder.map((minutes) => ({
      showId: show.id,
      title: show.title,
      duration: show.duration_minutes,
      screenId,
      day,
      minutes,
    })),
  );
}

/** What stands on a day, on each of `days`. */
export function copiesOf(blocks: Block[], days: Day[]): Wish[] {
  const inOrder = [...blocks].sort((one, other) => one.start - other.start);
  return [...days].sort().flatMap((day) =>
    inOrder.map(({ showing, start, end }) => ({
      showId: showing.show_id,
      title: showing.show_title,
      duration: end - start,
      screenId: showing.screen_id,
      day,
      minutes: start,
    })),
  );
}
