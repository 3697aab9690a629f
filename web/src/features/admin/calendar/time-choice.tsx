import { Button, Group, Input, NumberInput, Pill, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { Span } from "./layout";
import { useClock } from "./use-clock";
import { dayMinutes, parseClock } from "./week";

interface Props {
  open: Span;
  times: number[];
  onChange: (times: number[]) => void;
  /** Times that fill the chosen days, `gap` minutes apart; nothing while there is no show or day. */
  fill?: (gap: number) => number[];
}

const usualGap = 20; // for people to leave, and for the cleaning

/** Times of day at which showings begin: typed one by one, or as many as fit. */
export function TimeChoice({ open, times, onChange, fill }: Props) {
  const t = useTranslations("admin.calendar");
  const { time } = useClock();
  const [typed, setTyped] = useState("");
  const [gap, setGap] = useState<number | string>(usualGap);
  const add = () => {
    const minutes = parseClock(typed);
    if (minutes === undefined) return;
    // A time before the opening is one of the night after.
    const within = minutes < open.start && minutes + dayMinutes < open.end ? minutes + dayMinutes : minutes;
    onChange([...new Set([...times, within])].sort((one, other) => one - other));
    setTyped("");
  };
  return (
    <Stack gap="sm">
      <Input.Wrapper label={t("times")} size="md" labelElement="div">
        <Pill.Group mt={6} mih={36}>
          {times.length === 0 && <Input.Description>{t("noTimes")}</Input.Description>}
          {times.map((minutes) => {
            const said = time(minutes);
            return (
              <Pill
                key={minutes}
                size="lg"
                withRemoveButton
                removeButtonProps={{ "aria-label": t("removeTime", { time: said }), "aria-hidden": false, tabIndex: 0 }}
                onRemove={() => onChange(times.filter((other) => other !== minutes))}
              >
                {said}
              </Pill>
            );
          })}
        </Pill.Group>
      </Input.Wrapper>
      <Group align="flex-end" gap="sm">
        <TextInput
          type="time"
          size="md"
          label={t("anotherTime")}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            add();
          }}
        />
        <Button variant="default" size="md" disabled={parseClock(typed) === undefined} onClick={add}>
          {t("addTime")}
        </Button>
      </Group>
      <Group align="flex-end" gap="sm">
        <NumberInput
          size="md"
          w="9rem"
          label={t("gap")}
          min={0}
          max={240}
          step={5}
          allowDecimal={false}
          value={gap}
          onChange={setGap}
        />
        <Button variant="default" size="md" disabled={!fill} onClick={() => fill && onChange(fill(Number(gap) || 0))}>
          {t("fillTimes")}
        </Button>
      </Group>
    </Stack>
  );
}
