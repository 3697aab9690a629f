import { Button, Group, NativeSelect, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { isEmail, useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Dialog } from "@/shared/components/dialog";
import { ProblemNote } from "@/shared/components/problem";
import { type Keeper, useStaffChanges } from "./staff-api";
import { venuesQuery } from "./venues-api";

const shortestPassword = 8; // the API's least

export function NewKeeperDialog({ venueId, onClose }: { venueId: number; onClose: () => void }) {
  const t = useTranslations("admin.staff");
  const { add } = useStaffChanges(venueId);
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { username: "", email: "", password: "" },
    validate: {
      username: (value) => (value.trim() ? null : t("nameMissing")),
      email: isEmail(t("emailInvalid")),
      password: (value) => (value.length < shortestPassword ? t("passwordShort") : null),
    },
  });
  const field = (name: "username" | "email" | "password") => ({
    size: "md" as const,
    required: true,
    autoComplete: name === "password" ? "new-password" : "off",
    ...form.getInputProps(name),
  });
  return (
    <Dialog opened onClose={onClose} title={t("addTitle")}>
      <form onSubmit={form.onSubmit((keeper) => add.mutate(keeper, { onSuccess: onClose }))} noValidate>
        <Stack>
          <TextInput
            label={t("name")}
            maxLength={100}
            data-autofocus
            key={form.key("username")}
            {...field("username")}
          />
          <TextInput label={t("email")} type="email" maxLength={254} key={form.key("email")} {...field("email")} />
          <PasswordInput
            label={t("password")}
            description={t("passwordHint")}
            key={form.key("password")}
            {...field("password")}
          />
          {add.isError && <ProblemNote error={add.error} />}
          <Button type="submit" size="md" loading={add.isPending}>
            {t("add")}
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}

interface OfKeeper {
  venueId: number;
  keeper: Keeper;
  onClose: () => void;
}

export function MoveKeeperDialog({ venueId, keeper, onClose }: OfKeeper) {
  const t = useTranslations("admin.staff");
  const { move } = useStaffChanges(venueId);
  const { data: venues = [] } = useQuery(venuesQuery);
  const others = venues.filter(({ id, status }) => id !== venueId && status === "ACTIVE");
  const [chosen, setChosen] = useState("");
  const to = Number(chosen || others[0]?.id);
  return (
    <Dialog opened onClose={onClose} title={t("moveTitle", { name: keeper.username })}>
      <Stack>
        {others.length === 0 ? (
          <Text>{t("nowhere")}</Text>
        ) : (
          <NativeSelect
            size="md"
            label={t("toVenue")}
            value={String(to)}
            onChange={(event) => setChosen(event.currentTarget.value)}
            data={others.map(({ id, name, city }) => ({ value: String(id), label: `${name} · ${city}` }))}
          />
        )}
        {move.isError && <ProblemNote error={move.error} />}
        <Button
          size="md"
          disabled={others.length === 0}
          loading={move.isPending}
          onClick={() => move.mutate({ id: keeper.id, to }, { onSuccess: onClose })}
        >
          {t("move")}
        </Button>
      </Stack>
    </Dialog>
  );
}

export function EndKeeperDialog({ venueId, keeper, onClose }: OfKeeper) {
  const t = useTranslations("admin.staff");
  const words = useTranslations("common.actions");
  const { end } = useStaffChanges(venueId);
  return (
    <Dialog opened onClose={onClose} title={t("endTitle", { name: keeper.username })}>
      <Stack>
        <Text>{t("endAbout", { email: keeper.email })}</Text>
        {end.isError && <ProblemNote error={end.error} />}
        <Group justify="flex-end">
          <Button variant="default" size="md" onClick={onClose}>
            {words("cancel")}
          </Button>
          <Button
            size="md"
            color="red.9"
            loading={end.isPending}
            onClick={() => end.mutate(keeper.id, { onSuccess: onClose })}
          >
            {t("end")}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
