import { Button, Chip, Group, Input } from "@mantine/core";
import { useTranslations } from "use-intl";
import { useClock } from "./use-clock";
import type { Day } from "./week";

interface Props {
  label: string;
  days: Day[];
  chosen: Day[];
  /** Days that cannot be chosen: they are over, or what is copied. */
  isShut: (day: Day) => boolean;
  onChange: (days: Day[]) => void;
}

/** Some days of a week. */
export function DayChoice({ label, days, chosen, isShut, onChange }: Props) {
  const t = useTranslations("admin.calendar");
  const { day: dayName } = useClock();
  const free = days.filter((day) => !isShut(day));
  return (
    <Input.Wrapper label={label} size="md" labelElement="div">
      <Chip.Group multiple value={chosen} onChange={onChange}>
        <Group gap="xs" mt={6}>
          {days.map((day) => (
            <Chip key={day} value={day} size="md" disabled={isShut(day)}>
              {dayName(day)}
            </Chip>
          ))}
          <Button variant="subtle" h={36} onClick={() => onChange(chosen.length === free.length ? [] : free)}>
            {chosen.length === free.length ? t("noDay") : t("allDays")}
          </Button>
        </Group>
      </Chip.Group>
    </Input.Wrapper>
  );
}
