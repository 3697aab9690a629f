import { UnstyledButton } from "@mantine/core";
import { useClock } from "./use-clock";
import type { Day } from "./week";
import classes from "./week-grid.module.css";

/** The days of a week as buttons, where there is room for one column alone. */
export function DayStrip(props: { days: Day[]; chosen: Day; onChoose: (day: Day) => void }) {
  const { stub } = useClock();
  return (
    <div className={classes.strip}>
      {props.days.map((day) => {
        const short = stub(day);
        return (
          <UnstyledButton
            key={day}
            className={classes.stripDay}
            aria-pressed={day === props.chosen}
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
