import { CloseButton, VisuallyHidden } from "@mantine/core";
import { useTranslations } from "use-intl";
import type { Block, Span } from "./layout";
import { useClock } from "./use-clock";
import type { Day, Place } from "./week";
import { pixelsPerMinute, type Refusal } from "./week-grid";
import classes from "./week-grid.module.css";

type Shape = Place & { duration: number; title: string };
interface Props {
  day: Day;
  open: Span;
  shown: Span;
  isPast: boolean;
  blocks: Block[];
  draggedId?: number;
  ghost?: Shape;
  pending?: Shape;
  refusal?: Refusal;
  onOpen: (block: Block) => void;
  onDismiss: () => void;
}

/** One day of a screen: showings by time, and what the pointer or the server says of a place. */
export function DayColumn({ day, open, shown, blocks, ghost, pending, refusal, ...props }: Props) {
  const t = useTranslations("admin.calendar");
  const { day: dayName, span } = useClock();
  const at = (start: number, minutes: number) => ({
    top: (start - shown.start) * pixelsPerMinute,
    height: minutes * pixelsPerMinute,
  });
  const shapeAt = (shape: Shape) => at(shape.minutes, shape.duration);
  return (
    <div
      className={classes.column}
      data-day={day}
      data-past={props.isPast || undefined}
      style={{ height: (shown.end - shown.start) * pixelsPerMinute }}
    >
      <div className={classes.shut} style={at(shown.start, open.start - shown.start)} />
      <div className={classes.shut} style={at(open.end, shown.end - open.end)} />
      {[...blocks]
        .sort((one, other) => one.start - other.start)
        .map((block) => {
          const { showing, start, end } = block;
          const hasBegun = Date.parse(showing.start_time) <= Date.now();
          return (
            <button
              key={showing.id}
              type="button"
              className={classes.block}
              style={{ ...at(start, end - start), "--hue": (showing.show_id * 137) % 360 } as React.CSSProperties}
              data-showing={showing.id}
              data-movable={!hasBegun || undefined}
              data-past={hasBegun || undefined}
              data-dragged={showing.id === props.draggedId || undefined}
              onClick={() => props.onOpen(block)}
            >
              <span className={classes.title}>{showing.show_title}</span>
              <VisuallyHidden>{dayName(day)}</VisuallyHidden>
              <span className={classes.when}>{span(start, end)}</span>
            </button>
          );
        })}
      {ghost && (
        <div className={classes.ghost} style={shapeAt(ghost)} aria-hidden>
          <span className={classes.title}>{ghost.title}</span>
          <span className={classes.when}>{span(ghost.minutes, ghost.minutes + ghost.duration)}</span>
        </div>
      )}
      {pending && (
        <div className={classes.ghost} style={shapeAt(pending)} role="status">
          <span className={classes.title}>{pending.title}</span>
          <span className={classes.when}>{t("placing")}</span>
        </div>
      )}
      {refusal && (
        <div
          className={classes.refusal}
          style={{ top: shapeAt(refusal).top, minHeight: shapeAt(refusal).height }}
          role="alert"
          data-note
        >
          <CloseButton className={classes.dismiss} size="lg" aria-label={t("dismiss")} onClick={props.onDismiss} />
          <strong>{refusal.title}</strong>
          <span className={classes.when}>{span(refusal.minutes, refusal.minutes + refusal.duration)}</span>
          <span>{refusal.reason}</span>
        </div>
      )}
    </div>
  );
}
