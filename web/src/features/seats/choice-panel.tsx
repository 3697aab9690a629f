import { Button, CloseButton, Group, Text, Title } from "@mantine/core";
import { useTranslations } from "use-intl";
import { useFormats } from "@/shared/format/use-formats";
import { times } from "@/shared/money";
import classes from "./choice-panel.module.css";
import { nameOf, type Seat } from "./hall";
import { mostSeats } from "./pick";

interface Props {
  seats: Seat[];
  price: number;
  currency: string;
  isHolding: boolean;
  canHold: boolean;
  onLetGo: (seat: number) => void;
  onHold: () => void;
}

/** What one has picked, what it costs, and on to the payment. It stays in sight. */
export function ChoicePanel({ seats, price, currency, isHolding, canHold, onLetGo, onHold }: Props) {
  const t = useTranslations("seats.choice");
  const { money } = useFormats();
  return (
    <section className={classes.panel} aria-label={t("label")}>
      <Title order={2} size="h4" className={classes.title}>
        {t("label")}
      </Title>
      <div className={classes.seats}>
        {seats.length === 0 ? (
          <Text c="dimmed" size="sm">
            {t("none")} {t("most", { count: mostSeats })}
          </Text>
        ) : (
          <ul className={classes.chips}>
            {seats.map((seat) => (
              <li key={seat.id} className={classes.chip}>
                {nameOf(seat)}
                <CloseButton
                  size={30}
                  iconSize={14}
                  aria-label={t("letGo", { seat: nameOf(seat) })}
                  onClick={() => onLetGo(seat.id)}
                />
              </li>
            ))}
          </ul>
        )}
      </div>
      <Group justify="space-between" wrap="nowrap" gap="md" className={classes.pay}>
        <div aria-live="polite" aria-atomic>
          <Text size="sm" c="dimmed">
            {t("seats", { count: seats.length })}
          </Text>
          <Text fz="xl" fw={750} className={classes.sum}>
            {money(times(price, seats.length), currency)}
          </Text>
        </div>
        <Button size="lg" disabled={!canHold} loading={isHolding} onClick={onHold} className={classes.go}>
          {t("hold")}
        </Button>
      </Group>
      <Text size="xs" c="dimmed" className={classes.hint}>
        {t("holdHint")}
      </Text>
    </section>
  );
}
