import { Text } from "@mantine/core";
import { IconCircleCheckFilled, IconCircleXFilled, IconScan } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { useFormats } from "@/shared/format/use-formats";
import type { Verdict } from "./scan";
import classes from "./scan-page.module.css";

/** Admit or not: in colour, in a word and by a sign, with the reason. `number` tells one verdict from the next. */
export function VerdictPanel({ verdict, number }: { verdict: Verdict | undefined; number: number }) {
  const t = useTranslations("door.verdict");
  return (
    <div role="status" aria-live="assertive">
      {verdict ? (
        <Answer key={number} verdict={verdict} />
      ) : (
        <div className={`${classes.verdict} ${classes.ready}`}>
          <IconScan size={56} stroke={1.5} aria-hidden />
          <Text size="lg" fw={600}>
            {t("ready")}
          </Text>
        </div>
      )}
    </div>
  );
}

function Answer({ verdict }: { verdict: Verdict }) {
  const t = useTranslations("door.verdict");
  const formats = useFormats();
  const isAdmitted = verdict.outcome === "ADMITTED";
  const Icon = isAdmitted ? IconCircleCheckFilled : IconCircleXFilled;
  const { showName, showTime, screenName, timeZone, usedAt, usedDevice } = verdict;
  const isElsewhere = verdict.outcome === "WRONG_SHOWING" || verdict.outcome === "WRONG_VENUE";
  return (
    <div className={`${classes.verdict} ${classes.flash} ${isAdmitted ? classes.admit : classes.refuse}`}>
      <Icon size={64} aria-hidden />
      <div className={classes.word}>{t(isAdmitted ? "admit" : "refuse")}</div>
      {verdict.seat && <div className={classes.seat}>{t("seat", { seat: verdict.seat })}</div>}
      <Text size="lg" fw={500}>
        {t(`reasons.${verdict.outcome}`)}
      </Text>
      {verdict.outcome === "ALREADY_USED" && usedAt && timeZone && (
        <Text>
          {t("used", { time: formats.dayAndTime(usedAt, timeZone) })}
          {usedDevice && ` · ${t("usedAtDoor", { device: usedDevice })}`}
        </Text>
      )}
      {isElsewhere && showName && showTime && timeZone && (
        <Text>
          {showName} · {formats.dayAndTime(showTime, timeZone)} · {screenName}
        </Text>
      )}
      {verdict.offline && verdict.outcome === "ADMITTED" && <Text size="sm">{t("offline")}</Text>}
    </div>
  );
}
