import { Button, Group, Stack, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { Dialog } from "@/shared/components/dialog";
import { ProblemNote } from "@/shared/components/problem";
import { notify } from "@/shared/notify";
import { type Decision, useDecide } from "./operations-api";

/** Says what a decision does, and does it. */
export function DecideDialog({ decision, onClose }: { decision: Decision; onClose: () => void }) {
  const t = useTranslations("admin.operations");
  const words = useTranslations("common.actions");
  const decide = useDecide();
  const { to } = decision;
  return (
    <Dialog opened onClose={onClose} title={t(`${to}.ask`)}>
      <Stack>
        <Text>{t(`${to}.about`)}</Text>
        {decide.isError && <ProblemNote error={decide.error} />}
        <Group justify="flex-end">
          <Button variant="default" size="md" onClick={onClose}>
            {words("cancel")}
          </Button>
          <Button
            size="md"
            color={to === "drop" ? "red.9" : undefined}
            loading={decide.isPending}
            onClick={() =>
              decide.mutate(decision, {
                onSuccess: () => {
                  notify({ message: t(`${to}.done`) });
                  onClose();
                },
              })
            }
          >
            {t(`${to}.do`)}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
