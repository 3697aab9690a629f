import { useTranslations } from "use-intl";
import { rowsOf, seatsPath } from "./plan";
import classes from "./seat-plan.module.css";

const pitch = 10;
const headroom = 14; // for the screen itself, at the top as the audience sees it

/** The seats of a screen as they stand; those after the `existing` ones, about to be added are drawn in the house's colour. */
export function SeatPlan(props: { capacity: number; seatsPerRow: number; existing?: number }) {
  const { capacity, seatsPerRow, existing = capacity } = props;
  const t = useTranslations("admin.screens");
  const rows = rowsOf(capacity, seatsPerRow).length;
  const width = seatsPerRow * pitch;
  return (
    <svg
      className={classes.plan}
      viewBox={`-4 0 ${width + 6} ${headroom + rows * pitch}`}
      role="img"
      aria-label={t("drawn", { capacity, rows, seatsPerRow })}
    >
      <path className={classes.screen} d={`M${width * 0.1} 6Q${width / 2} 0 ${width * 0.9} 6`} />
      <g transform={`translate(0 ${headroom})`}>
        <path className={classes.seat} d={seatsPath(0, Math.min(existing, capacity), seatsPerRow, pitch)} />
        <path className={classes.added} d={seatsPath(existing, capacity, seatsPerRow, pitch)} />
      </g>
    </svg>
  );
}
