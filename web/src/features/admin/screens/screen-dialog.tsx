import { Button, NumberInput, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslations } from "use-intl";
import { Dialog } from "@/shared/components/dialog";
import { ProblemNote } from "@/shared/components/problem";
import { type Screen, useSaveScreen } from "./screens-api";
import { SeatPlan } from "./seat-plan";

const most = { name: 255, capacity: 2000, perRow: 60 }; // the API's
const usual = { capacity: 120, perRow: 12 };

/** Adds a screen, or renames and enlarges one; its seats are drawn while one types. */
export function ScreenDialog(props: { venueId: number; screen?: Screen; onClose: () => void }) {
  const { venueId, screen, onClose } = props;
  const t = useTranslations("admin.screens");
  const save = useSaveScreen(venueId, screen);
  const least = screen?.capacity ?? 1;
  const form = useForm({
    mode: "controlled",
    initialValues: {
      name: screen?.name ?? "",
      capacity: (screen?.capacity ?? usual.capacity) as number | string,
      seats_per_row: (screen?.seats_per_row ?? usual.perRow) as number | string,
    },
    validate: {
      name: (value) => (value.trim() ? null : t("nameMissing")),
      capacity: (value) => (Number(value) >= least ? null : t("mayOnlyGrow", { least })),
      seats_per_row: (value) => (Number(value) >= 1 ? null : t("perRowMissing")),
    },
  });
  const capacity = Math.min(Number(form.values.capacity) || 1, most.capacity);
  const perRow = Math.min(Number(form.values.seats_per_row) || 1, most.perRow);
  const submit = form.onSubmit(({ name }) =>
    save.mutate({ name: name.trim(), capacity, seats_per_row: perRow }, { onSuccess: onClose }),
  );
  return (
    <Dialog opened onClose={onClose} title={screen ? t("changeTitle", { name: screen.name }) : t("addTitle")}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <TextInput
            size="md"
            label={t("name")}
            required
            maxLength={most.name}
            data-autofocus
            {...form.getInputProps("name")}
          />
          <SimpleGrid cols={2} verticalSpacing="md">
            <NumberInput
              size="md"
              label={t("capacity")}
              required
              min={1}
              max={most.capacity}
              allowDecimal={false}
              inputMode="numeric"
              {...form.getInputProps("capacity")}
            />
            <NumberInput
              size="md"
              label={t("perRow")}
              required
              min={1}
              max={most.perRow}
              allowDecimal={false}
              inputMode="numeric"
              disabled={screen !== undefined}
              {...form.getInputProps("seats_per_row")}
            />
          </SimpleGrid>
          <SeatPlan capacity={capacity} seatsPerRow={perRow} existing={screen?.capacity} />
          <Text size="sm" c="dimmed" aria-live="polite" mih="3em">
            {screen ? t("growHint", { more: Math.max(0, capacity - screen.capacity) }) : t("newHint")}
          </Text>
          {save.isError && <ProblemNote error={save.error} />}
          <Button type="submit" size="md" loading={save.isPending}>
            {screen ? t("saveChange") : t("add")}
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}
