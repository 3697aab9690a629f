import { ActionIcon, Button, Group, Text } from "@mantine/core";
import { IconMinus, IconPlus, IconSparkles } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { mostSeats } from "./pick";

/** How many people come, and their seats in one tap. */
export function BestSeatsFinder({ disabled, onFind }: { disabled: boolean; onFind: (people: number) => void }) {
  const t = useTranslations("seats.best");
  const [people, setPeople] = useState(2);
  return (
    <Group justify="space-between" gap="xs">
      <Group role="group" aria-label={t("label")} gap={4} wrap="nowrap">
        <ActionIcon
          variant="default"
          size={44}
          aria-label={t("fewer")}
          disabled={people <= 1}
          onClick={() => setPeople(people - 1)}
        >
          <IconMinus size={18} aria-hidden />
        </ActionIcon>
        <Text ta="center" miw="5rem" fw={600} aria-live="polite">
          {t("people", { count: people })}
        </Text>
        <ActionIcon
          variant="default"
          size={44}
          aria-label={t("more")}
          disabled={people >= mostSeats}
          onClick={() => setPeople(people + 1)}
        >
          <IconPlus size={18} aria-hidden />
        </ActionIcon>
      </Group>
      <Button
        variant="light"
        h={44}
        px="md"
        leftSection={<IconSparkles size={18} aria-hidden />}
        disabled={disabled}
        onClick={() => onFind(people)}
      >
        {t("find")}
      </Button>
    </Group>
  );
}
