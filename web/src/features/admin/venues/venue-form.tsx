import { Button, Group, Select, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMemo } from "react";
import { useTranslations } from "use-intl";
import { ProblemNote } from "@/shared/components/problem";
import { useHours } from "./use-hours";
import { useSaveVenue, type Venue } from "./venues-api";

const most = { name: 255, location: 500, city: 100 }; // the API's
const clock = /^([01][0-9]|2[0-3]):[0-5][0-9]/;

/** What is known of a venue, to make or to change. Its time zone is chosen once. */
export function VenueForm({ venue, onSaved }: { venue?: Venue; onSaved: (venue: Venue) => void }) {
  const t = useTranslations("admin.venues.form");
  const words = useTranslations("common.actions");
  const hours = useHours();
  const save = useSaveVenue(venue?.id);
  const zones = useMemo(() => Intl.supportedValuesOf("timeZone"), []);
  const missing = (value: string) => (value.trim() ? null : t("missing"));
  const form = useForm({
    mode: "controlled",
    initialValues: {
      name: venue?.name ?? "",
      location: venue?.location ?? "",
      city: venue?.city ?? "",
      opening_time: venue?.opening_time.slice(0, 5) ?? "10:00",
      closing_time: venue?.closing_time.slice(0, 5) ?? "01:00",
      time_zone: venue?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    },
    validate: {
      name: missing,
      location: missing,
      city: missing,
      opening_time: (value) => (clock.test(value) ? null : t("clock")),
      closing_time: (value) => (clock.test(value) ? null : t("clock")),
      time_zone: (value) => (value ? null : t("missing")),
    },
  });
  const submit = form.onSubmit((values) => save.mutate(values, { onSuccess: onSaved }));
  const field = (name: keyof typeof form.values) => ({
    size: "md" as const,
    inputWrapperOrder: ["label", "input", "description", "error"] as ("label" | "input" | "description" | "error")[],
    required: true,
    ...form.getInputProps(name),
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg">
        <TextInput label={t("name")} maxLength={most.name} {...field("name")} />
        <TextInput label={t("location")} maxLength={most.location} {...field("location")} />
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="lg">
          <TextInput label={t("city")} maxLength={most.city} {...field("city")} />
          <Select
            label={t("timeZone")}
            data={zones.includes(form.values.time_zone) ? zones : [form.values.time_zone, ...zones]}
            searchable
            limit={60}
            nothingFoundMessage={t("noZone")}
            disabled={venue !== undefined}
            description={venue ? t("timeZoneFixed") : undefined}
            {...field("time_zone")}
          />
          <TextInput type="time" label={t("opening")} {...field("opening_time")} />
          <TextInput type="time" label={t("closing")} {...field("closing_time")} />
        </SimpleGrid>
        <Text size="sm" c="dimmed" aria-live="polite">
          {hours(form.values)}
        </Text>
        {save.isError && <ProblemNote error={save.error} />}
        <Group>
          <Button type="submit" size="md" loading={save.isPending}>
            {venue ? words("save") : t("make")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
