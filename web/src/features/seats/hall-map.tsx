// biome-ignore-all lint/a11y/useSemanticElements: a table lays itself out, and as flex it would not be one to screen readers
// biome-ignore-all lint/a11y/useFocusableInteractive: the cells of a grid take the focus, one at a time
import { Text } from "@mantine/core";
import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  memo,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { useTranslations } from "use-intl";
import { type Hall, type Row, type Seat, stateOf } from "./hall";
import classes from "./hall-map.module.css";
import { moved } from "./moves";
import type { Pick } from "./pick";

interface Props {
  hall: Hall;
  pick: Pick;
  /** As it is written. */
  price: string;
  onToggle: (seat: number) => void;
}

/**
 * The hall as one sees it from behind, the screen at the top. A grid to the keyboard and to screen readers: one stop of the tab key,
 * arrows lead from seat to seat, space and enter pick. It is drawn again seat by seat, so that a pick in a large hall costs nothing.
 */
export function HallMap({ hall, pick, price, onToggle }: Props) {
  const t = useTranslations("seats");
  const frame = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState<number>();
  const seats = hall.rows.flatMap((row) => row.cells.filter((cell) => cell !== undefined));
  const entrance = (seats.find((seat) => seat.id === current) ?? middleOf(hall) ?? seats[0])?.id;

  // The middle of a wide hall comes first.
  useLayoutEffect(() => {
    const box = frame.current;
    if (box) box.scrollLeft = (box.scrollWidth - box.clientWidth) / 2;
  }, []);

  const seatOf = (target: EventTarget): Seat | undefined => {
    const id = Number((target as Element).closest<HTMLElement>("[data-seat]")?.dataset.seat);
    return seats.find((seat) => seat.id === id);
  };
  const toggle = (event: MouseEvent) => {
    const seat = seatOf(event.target);
    if (!seat) return;
    setCurrent(seat.id);
    if (stateOf(seat) === "free") onToggle(seat.id);
  };
  const move = (event: KeyboardEvent) => {
    const seat = seatOf(event.target);
    if (!seat || event.altKey || event.metaKey) return;
    const next = moved(hall, seat, event.key, event.ctrlKey);
    if (next.id === seat.id) {
      if (event.key.startsWith("Arrow")) event.preventDefault(); // the page stays when one bumps into the wall
      return;
    }
    event.preventDefault();
    setCurrent(next.id);
    frame.current?.querySelector<HTMLElement>(`[data-seat="${next.id}"]`)?.focus();
  };

  return (
    <div ref={frame} className={classes.frame}>
      <div className={classes.hall} style={{ "--columns": hall.columns, "--rows": hall.rows.length } as CSSProperties}>
        <div className={classes.screen} aria-hidden>
          <Text size="xs" component="span">
            {t("screen")}
          </Text>
        </div>
        <div role="grid" aria-label={t("hall")} aria-multiselectable onClick={toggle} onKeyDown={move}>
          {hall.rows.map((row) => (
            <SeatRow
              key={row.label}
              row={row}
              price={price}
              picked={row.cells
                .filter((seat) => seat && pick.includes(seat.id))
                .map((seat) => seat?.id)
                .join()}
              entrance={row.cells.some((seat) => seat?.id === entrance) ? entrance : undefined}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

interface RowProps {
  row: Row;
  price: string;
  /** Ids with commas between them: text, so that it can be compared. */
  picked: string;
  entrance: number | undefined;
}

const SeatRow = memo(
  function SeatRow({ row, price, picked, entrance }: RowProps) {
    const t = useTranslations("seats");
    const pickedOnes = picked.split(",");
    return (
      <div role="row" className={classes.row}>
        <span role="rowheader" aria-label={t("row", { row: row.label })} className={classes.label}>
          {row.label}
        </span>
        {row.cells.map((seat, column) =>
          seat ? (
            <SeatCell
              key={seat.id}
              seat={seat}
              price={price}
              isPicked={pickedOnes.includes(String(seat.id))}
              isEntrance={seat.id === entrance}
            />
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: a gap is its column
            <span key={`gap ${column}`} className={classes.gap} aria-hidden />
          ),
        )}
        <span className={classes.label} data-end aria-hidden>
          {row.label}
        </span>
      </div>
    );
  },
  (before, after) =>
    before.price === after.price &&
    before.picked === after.picked &&
    before.entrance === after.entrance &&
    before.row.cells.length === after.row.cells.length &&
    before.row.cells.every((seat, column) => seat === after.row.cells[column]),
);

interface CellProps {
  seat: Seat;
  price: string;
  isPicked: boolean;
  isEntrance: boolean;
}

const SeatCell = memo(function SeatCell({ seat, price, isPicked, isEntrance }: CellProps) {
  const t = useTranslations("seats.seat");
  const state = stateOf(seat) === "free" && isPicked ? "picked" : stateOf(seat);
  return (
    <button
      type="button"
      role="gridcell"
      className={classes.seat}
      data-seat={seat.id}
      data-state={state}
      aria-selected={isPicked}
      aria-disabled={(state !== "free" && state !== "picked") || undefined}
      aria-label={t(state, { row: seat.row_number, number: seat.seat_number, price })}
      tabIndex={isEntrance ? 0 : -1}
    >
      <span aria-hidden>{seat.seat_number}</span>
    </button>
  );
});

/** Where one enters by the tab key: the middle of the middle row. */
function middleOf(hall: Hall): Seat | undefined {
  return hall.rows[Math.floor(hall.rows.length / 2)]?.cells[Math.floor(hall.columns / 2)];
}
