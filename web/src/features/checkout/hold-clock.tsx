import { Group, Progress, Text, VisuallyHidden } from "@mantine/core";
import { useTranslations } from "use-intl";
import { countdown } from "@/shared/format/countdown";
import { useSecondsLeft } from "@/shared/hooks/use-seconds-left";
import classes from "./checkout.module.css";

const soonSeconds = 120;

/** How long the seats are held still, by the server's clock. Screen readers hear of it when it is getting short. */
export function HoldClock({ from, until }: { from: string; until: string }) {
  const t = useTranslations("checkout.hold");
  const left = useSecondsLeft(until);
  const whole = (Date.parse(until) - Date.parse(from)) / 1000;
  const isSoon = left <= soonSeconds;
  return (
    <div>
      <Group justify="space-between" align="baseline" wrap="nowrap">
        <Text size="sm">{t("label")}</Text>
        <span className={classes.clock} data-soon={isSoon || undefined} role="timer">
          {countdown(left)}
        </span>
      </Group>
      <Progress
        value={Math.min(100, (100 * left) / whole)}
        size="sm"
        mt={6}
        color={isSoon ? "red" : undefined}
        transitionDuration={250}
        aria-hidden
      />
      <VisuallyHidden role="status">
        {isSoon && left > 0 ? t("soon", { minutes: Math.ceil(left / 60) }) : ""}
      </VisuallyHidden>
    </div>
  );
}
