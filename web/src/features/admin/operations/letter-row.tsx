import { Button, Group, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { useFormats } from "@/shared/format/use-formats";
import rows from "../frame/rows.module.css";
import type { DeadLetter } from "./operations-api";

const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function LetterRow(props: { letter: DeadLetter; onDecide: (to: "replay" | "drop") => void }) {
  const { letter, onDecide } = props;
  const t = useTranslations("admin.operations");
  const { dayAndTime } = useFormats();
  return (
    <li>
      <Group className={rows.row} justify="space-between">
        <div style={{ flex: "1 1 20rem" }}>
          <Text fw={650}>
            {letter.topic} → {letter.service}
          </Text>
          <Text size="sm">{letter.reason}</Text>
          <Text size="sm" c="dimmed">
            {t("letters.facts", {
              key: letter.key,
              attempts: letter.attempts,
              when: dayAndTime(letter.failed_at, here),
            })}
          </Text>
        </div>
        <Group gap="xs">
          <Button h={44} onClick={() => onDecide("replay")}>
            {t("replay.do")}
          </Button>
          <Button h={44} variant="subtle" c="var(--mantine-color-error)" onClick={() => onDecide("drop")}>
            {t("drop.do")}
          </Button>
        </Group>
      </Group>
    </li>
  );
}
