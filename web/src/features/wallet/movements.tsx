import { Button, Skeleton, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { IconArrowBackUp, IconArrowDownLeft, IconArrowUpRight } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { useFormats } from "@/shared/format/use-formats";
import type { Movement } from "./api";
import classes from "./wallet.module.css";

const icons = { CREDIT: IconArrowDownLeft, REFUND: IconArrowBackUp, DEBIT: IconArrowUpRight };

interface Props {
  movements: Movement[] | undefined;
  currency: string;
  onMore?: () => void;
  loadsMore: boolean;
}

/** What came and went. Word, sign and arrow tell the direction; colour only helps. */
export function Movements({ movements, currency, onMore, loadsMore }: Props) {
  const t = useTranslations();
  return (
    <section aria-labelledby="movements">
      <Title order={2} size="h3" id="movements" mb="xs">
        {t("wallet.movements")}
      </Title>
      {movements?.length === 0 && <Text c="dimmed">{t("wallet.noMovements")}</Text>}
      <ul className={classes.list}>
        {movements?.map((movement) => (
          <MovementRow key={movement.id} movement={movement} currency={currency} />
        ))}
        {!movements && [1, 2, 3, 4].map((row) => <MovementSkeleton key={row} />)}
      </ul>
      {onMore && (
        <Button variant="default" size="md" fullWidth mt="md" loading={loadsMore} onClick={onMore}>
          {t("common.actions.more")}
        </Button>
      )}
    </section>
  );
}

function MovementRow({ movement, currency }: { movement: Movement; currency: string }) {
  const t = useTranslations("wallet");
  const formats = useFormats();
  const { transaction_type: type, amount, description, created_at } = movement;
  const Icon = icons[type];
  const isDebit = type === "DEBIT";
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone; // money knows no venue
  return (
    <li className={classes.movement}>
      <ThemeIcon size={44} radius="xl" variant="light" color={isDebit ? "gray" : "teal"}>
        <Icon size={22} aria-hidden />
      </ThemeIcon>
      <div>
        <Text fw={600}>{t(`types.${type}`)}</Text>
        <Text size="sm" c="dimmed">
          {description} · {formats.dayAndTime(created_at, here)}
        </Text>
      </div>
      <span className={`${classes.sum} ${isDebit ? "" : classes.in}`}>
        {isDebit ? "−" : "+"}
        {formats.money(amount, currency)}
      </span>
    </li>
  );
}

function MovementSkeleton() {
  return (
    <li className={classes.movement} aria-hidden>
      <Skeleton circle height={44} />
      <Stack gap={6}>
        <Skeleton height={20} width="40%" />
        <Skeleton height={16} width="75%" />
      </Stack>
      <Skeleton height={20} width={72} />
    </li>
  );
}
