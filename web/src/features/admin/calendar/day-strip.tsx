import { UnstyledButton } from "@mantine/core";
import { useFormats } from "@/shared/format/use-formats";
import type { Day } from "./week";
import classes from "./week-grid.module.css";

/** The days of a week as buttons, where there is room for one column alone. */
export function DayStrip(props: { days: Day[]; chosen: Day; onChoose: (day: Day) => void }) {
  const { longDay, stub } = useFormats();
  return (
    <div className={classes.strip}>
      {props.days.map((day) => {
        const noon = `${day}T12:00:00Z`;
        const short = stub(noon, "UTC");
        return (
          <UnstyledButton
            key={day}
            className={classes.stripDay}
            aria-pressed={day === props.chosen}
            aria-label={longDay(noon, "UTC")}
            onClick={() => props.onChoose(day)}
          >
            {short.weekday}
            <br />
            <strong>{short.day}</strong>
          </UnstyledButton>
        );
      })}
    </div>
  );
}
