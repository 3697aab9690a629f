import { useSearchParams } from "react-router";
import { type Day, isDay } from "./week";

/** What the calendar's address says. */
export interface Choice {
  venue?: number;
  screen?: number;
  /** A day of the week that is shown. */
  week?: Day;
  /** The show that a click places. */
  show?: number;
}

export function useChoice(): [Choice, (change: Choice) => void] {
  const [parameters, setParameters] = useSearchParams();
  const number = (name: string) => Number(parameters.get(name)) || undefined;
  const week = parameters.get("week") ?? "";
  const choice = { venue: number("venue"), screen: number("screen"), show: number("show"), week };
  const choose = (change: Choice) =>
    setParameters(
      (before) => {
        for (const [name, value] of Object.entries(change)) {
          if (value === undefined) before.delete(name);
          else before.set(name, String(value));
        }
        return before;
      },
      { replace: true, preventScrollReset: true },
    );
  return [{ ...choice, week: isDay(week) ? week : undefined }, choose];
}
