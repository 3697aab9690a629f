import { CloseButton } from "@mantine/core";
import { useTranslations } from "use-intl";
import { useFormats } from "@/shared/format/use-formats";
import type { Block, Span } from "./layout";
import { type Day, type Place, printClock } from "./week";
import { pixelsPerMinute, type Refusal } from "./week-grid";
import classes from "./week-grid.module.css";

type Shape = Place & { duration: number; title: string };
interface Props {
  day: Day;
  open: Span;
  shown: Span;
  zone: string;
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
export function DayColumn({ day, open, shown, zone, blocks, ghost, pending, refusal, ...props }: Props) {
  const t = useTranslations("admin.calendar");
  const { time, day: dayName } = useFormats();
  const clock = (minutes: number) => time(`1970-01-01T${printClock(minutes)}:00Z`, "UTC");
  const at = (start: number, minutes: number) => ({
    top: (start - shown.start) * pixelsPerMinute,
    height: minutes * pixelsPerMinute,
  });
  const shapeAt = (shape: Shape) => at(shape.minutes, shape.duration);
  const span = (start: number, minutes: number) => `${clock(start)} – ${clock(start + minutes)}`;
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
          const when = span(start, end - start);
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
              aria-label={t("block", {
                title: showing.show_title,
                day: dayName(showing.start_time, zone),
                time: when,
              })}
              onClick={() => props.onOpen(block)}
            >
              <span className={classes.title}>{showing.show_title}</span>
              <span className={classes.when}>{when}</span>
            </button>
          );
        })}
      {ghost && (
        <div className={classes.ghost} style={shapeAt(ghost)} aria-hidden>
          <span className={classes.title}>{ghost.title}</span>
          <span className={classes.when}>{span(ghost.minutes, ghost.duration)}</span>
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
          <span className={classes.when}>{span(refusal.minutes, refusal.duration)}</span>
          <span>{refusal.reason}</span>
        </div>
      )}
    </div>
  );
}
