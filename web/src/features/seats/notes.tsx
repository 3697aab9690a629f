import { Alert, Button, Group, Text } from "@mantine/core";
import { IconInfoCircle, IconUserX } from "@tabler/icons-react";
import { Link } from "react-router";
import { useTranslations } from "use-intl";
import { Notice } from "@/shared/components/notice";
import type { BestSeats } from "./best-seats";
import { nameOf, type Seat } from "./hall";
import { mostSeats } from "./pick";
import type { Sale } from "./sale";
import { useList } from "./use-list";

/** Which picked seats others took, and how to get others in their place. */
export function GoneNote(props: { gone: Seat[]; left: number; canFind: boolean; onFind: () => void }) {
  const t = useTranslations("seats.gone");
  const list = useList();
  const count = props.gone.length;
  return (
    <Notice icon={<IconUserX aria-hidden />} title={t("title")}>
      <Group justify="space-between" gap="sm">
        <Text size="sm">{t(props.left > 0 ? "some" : "all", { gone: list(props.gone.map(nameOf)), count })}</Text>
        {props.canFind && (
          <Button variant="default" h={44} onClick={props.onFind}>
            {t("others", { count: count + props.left })}
          </Button>
        )}
      </Group>
    </Notice>
  );
}

/** What was found for so many people; a number of people that there is no room for. */
export function FoundNote({ found, free }: { found: BestSeats | undefined; free: number }) {
  const t = useTranslations("seats.best");
  const list = useList();
  return (
    <Text size="sm" c={found?.how === "together" ? "dimmed" : undefined}>
      {found
        ? t(found.how, { seats: list(found.seats.map(nameOf)), count: found.seats.length })
        : t("tooFew", { free })}
    </Text>
  );
}

export function FullNote() {
  const t = useTranslations("seats.choice");
  return <Text size="sm">{t("full", { count: mostSeats })}</Text>;
}

/** Why seats cannot be had, and where else. */
export function SaleNote({ sale, showId }: { sale: Exclude<Sale, "open">; showId: number }) {
  const t = useTranslations("seats.closed");
  return (
    <Alert color="gray" variant="outline" role="status" icon={<IconInfoCircle aria-hidden />} title={t(`${sale}Title`)}>
      <Group justify="space-between" gap="sm">
        <Text size="sm">{t(sale)}</Text>
        <Button variant="default" h={44} component={Link} to={`/shows/${showId}`}>
          {t("others")}
        </Button>
      </Group>
    </Alert>
  );
}
