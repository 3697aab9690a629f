import { Menu, UnstyledButton } from "@mantine/core";
import { IconCopy, IconDots, IconPlus } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { useClock } from "./use-clock";
import type { Day } from "./week";
import classes from "./week-grid.module.css";

interface Props {
  day: Day;
  isToday: boolean;
  isPast: boolean;
  count: number;
  onAdd: () => void;
  onCopy: () => void;
}

/** A day's name, and what can be done with the day: the keyboard's way to what a pointer does in the column. */
export function DayHead({ day, isToday, isPast, count, onAdd, onCopy }: Props) {
  const t = useTranslations("admin.calendar");
  const { day: dayName } = useClock();
  const name = dayName(day);
  return (
    <Menu position="bottom" withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <UnstyledButton className={classes.dayHead} data-today={isToday || undefined} data-past={isPast || undefined}>
          <span className={classes.dayName}>{name}</span>
          <span className={classes.dayCount}>
            {t("count", { count })}
            <IconDots size={16} aria-hidden />
          </span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item h={44} disabled={isPast} leftSection={<IconPlus size={18} aria-hidden />} onClick={onAdd}>
          {t("addOn", { day: name })}
        </Menu.Item>
        <Menu.Item h={44} disabled={count === 0} leftSection={<IconCopy size={18} aria-hidden />} onClick={onCopy}>
          {t("copyDay", { day: name })}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
