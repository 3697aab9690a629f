import { Progress, Stack, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import classes from "./outcome-list.module.css";
import type { Outcome } from "./use-batch";
import { useClock } from "./use-clock";

interface Props {
  outcomes: Outcome[];
  wished: number;
  reasonOf: (outcome: Outcome) => string;
}

/** What became of many wishes: how many showings were placed, and why the others were not. */
export function OutcomeList({ outcomes, wished, reasonOf }: Props) {
  const t = useTranslations("admin.calendar");
  const { day, time } = useClock();
  const refused = outcomes.filter(({ error }) => error !== undefined);
  return (
    <Stack gap="sm">
      <Progress value={(outcomes.length / wished) * 100} size="lg" radius="xl" aria-label={t("progress")} />
      <Text fw={600} role="status">
        {t("outcome", { placed: outcomes.length - refused.length, wished })}
      </Text>
      {refused.length > 0 && (
        <ul className={classes.refused} aria-label={t("notPlaced")}>
          {refused.map((outcome) => {
            const { wish } = outcome;
            return (
              <li key={`${wish.day} ${wish.minutes} ${wish.showId}`}>
                <Text size="sm" fw={600}>
                  {day(wish.day)}, {time(wish.minutes)} · {wish.title}
                </Text>
                <Text size="sm">{reasonOf(outcome)}</Text>
              </li>
            );
          })}
        </ul>
      )}
    </Stack>
  );
}
