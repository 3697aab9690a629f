import { useRef } from "react";
import { DayColumn } from "./day-column";
import { DayHead } from "./day-head";
import type { Block, Span } from "./layout";
import { useGridPointer } from "./use-grid-pointer";
import { useHourLabels } from "./use-hour-labels";
import type { Day, Place } from "./week";
import classes from "./week-grid.module.css";

export const pixelsPerMinute = 1;

/** What was not possible, where it was tried. */
export interface Refusal extends Place {
  duration: number;
  title: string;
  reason: string;
}
interface Props {
  days: Day[];
  open: Span;
  shown: Span;
  blocks: Block[];
  today: Day;
  /** The show that a click places; its length is shown below the pointer. */
  armed?: { title: string; duration: number };
  /** What is on its way to the server. */
  pending?: Place & { duration: number; title: string };
  refusal?: Refusal;
  onPick: (place: Place) => void;
  onMove: (block: Block, to: Place) => void;
  onOpen: (block: Block) => void;
  onAdd: (day: Day) => void;
  onCopy: (day: Day) => void;
  onDismiss: () => void;
}

/** The days of a screen side by side, hours from top to bottom. */
export function WeekGrid(props: Props) {
  const { days, shown, blocks, armed } = props;
  const root = useRef<HTMLDivElement>(null);
  const hours = useHourLabels(shown);
  const { hover, drag } = useGridPointer(root, {
    top: shown.start,
    pixelsPerMinute,
    onPick: props.onPick,
    onMove: (id, to) => {
      const block = blocks.find(({ showing }) => showing.id === id);
      if (block && (block.day !== to.day || block.start !== to.minutes)) props.onMove(block, to);
    },
  });
  const dragged = drag && blocks.find(({ showing }) => showing.id === drag.id);
  const ghost = dragged
    ? { ...drag.to, duration: dragged.end - dragged.start, title: dragged.showing.show_title }
    : armed && hover && { ...hover, ...armed };
  return (
    <div className={classes.grid} style={{ "--days": days.length } as React.CSSProperties}>
      <div className={classes.corner} />
      {days.map((day) => (
        <DayHead
          key={day}
          day={day}
          isToday={day === props.today}
          isPast={day < props.today}
          count={blocks.filter((block) => block.day === day).length}
          onAdd={() => props.onAdd(day)}
          onCopy={() => props.onCopy(day)}
        />
      ))}
      <div className={classes.hours} aria-hidden style={{ height: (shown.end - shown.start) * pixelsPerMinute }}>
        {hours.map(({ minutes, label }) => (
          <span key={minutes} style={{ top: (minutes - shown.start) * pixelsPerMinute }}>
            {label}
          </span>
        ))}
      </div>
      <div className={classes.columns} ref={root} data-armed={armed ? true : undefined}>
        {days.map((day) => (
          <DayColumn
            key={day}
            day={day}
            open={props.open}
            shown={shown}
            isPast={day < props.today}
            blocks={blocks.filter((block) => block.day === day)}
            draggedId={drag?.id}
            ghost={ghost?.day === day ? ghost : undefined}
            pending={props.pending?.day === day ? props.pending : undefined}
            refusal={props.refusal?.day === day ? props.refusal : undefined}
            onOpen={props.onOpen}
            onDismiss={props.onDismiss}
          />
        ))}
      </div>
    </div>
  );
}
