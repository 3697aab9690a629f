import { Button, Group, Stack, Text } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ProblemNote } from "@/shared/components/problem";
import { Empty } from "../frame/empty";
import { RowsSkeleton } from "../frame/page-skeleton";
import rows from "../frame/rows.module.css";
import { type Keeper, staffQuery } from "./staff-api";
import { EndKeeperDialog, MoveKeeperDialog, NewKeeperDialog } from "./staff-dialogs";

type Asking = { to: "add" } | { to: "move" | "end"; keeper: Keeper };

/** The accounts that scan tickets at the doors of a venue. */
export function StaffPanel({ venueId }: { venueId: number }) {
  const t = useTranslations("admin.staff");
  const { data: staff, error, refetch } = useQuery(staffQuery(venueId));
  const [asking, setAsking] = useState<Asking>();
  const close = () => setAsking(undefined);
  const add = (
    <Button size="md" leftSection={<IconUserPlus size={18} aria-hidden />} onClick={() => setAsking({ to: "add" })}>
      {t("add")}
    </Button>
  );
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <Text c="dimmed" maw="40rem">
          {t("about")}
        </Text>
        {staff && staff.length > 0 && add}
      </Group>
      {error && <ProblemNote error={error} onRetry={refetch} />}
      {!staff && !error && <RowsSkeleton rows={2} height={72} />}
      {staff?.length === 0 && (
        <Empty title={t("none")}>
          <Text c="dimmed" mb="sm">
            {t("noneHint")}
          </Text>
          {add}
        </Empty>
      )}
      {staff && staff.length > 0 && (
        <ul className={rows.rows}>
          {staff.map((keeper) => (
            <li key={keeper.id}>
              <Group className={rows.row} justify="space-between">
                <div>
                  <Text fw={650}>{keeper.username}</Text>
                  <Text size="sm" c="dimmed">
                    {keeper.email}
                  </Text>
                </div>
                <Group gap="xs">
                  <Button variant="default" h={44} onClick={() => setAsking({ to: "move", keeper })}>
                    {t("move")}
                  </Button>
                  <Button
                    variant="subtle"
                    c="var(--mantine-color-error)"
                    h={44}
                    onClick={() => setAsking({ to: "end", keeper })}
                  >
                    {t("end")}
                  </Button>
                </Group>
              </Group>
            </li>
          ))}
        </ul>
      )}
      {asking?.to === "add" && <NewKeeperDialog venueId={venueId} onClose={close} />}
      {asking?.to === "move" && <MoveKeeperDialog venueId={venueId} keeper={asking.keeper} onClose={close} />}
      {asking?.to === "end" && <EndKeeperDialog venueId={venueId} keeper={asking.keeper} onClose={close} />}
    </Stack>
  );
}
