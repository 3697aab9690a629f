import { Button, NativeSelect, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { citiesQuery } from "@/shared/components/city-select";
import { ProblemNote } from "@/shared/components/problem";
import { useCity } from "@/shared/hooks/use-city";
import { notify } from "@/shared/notify";
import type { Account } from "./api";
import { useChangeAccount } from "./use-change-account";

export function AccountForm({ account }: { account: Account }) {
  const t = useTranslations();
  const [, setCity] = useCity();
  const { data: cities = [] } = useQuery(citiesQuery);
  const change = useChangeAccount();
  const form = useForm({
    initialValues: { username: account.username, city: account.city ?? "" },
    validate: { username: (name) => (name.trim() ? null : t("session.nameMissing")) },
  });
  const save = form.onSubmit(({ username, city }) =>
    change.mutate(
      { username: username.trim(), city: city || undefined },
      {
        onSuccess: () => {
          form.resetDirty();
          if (city) setCity(city);
          notify({ message: t("profile.saved"), color: "teal" });
        },
      },
    ),
  );
  // A city stays chosen even when its last cinema has closed. Once one is chosen, the account always has one.
  const known = account.city && !cities.includes(account.city) ? [account.city, ...cities] : cities;
  const choices = account.city ? known : [{ value: "", label: t("profile.noCity") }, ...known];
  return (
    <form onSubmit={save} noValidate>
      <Stack>
        <TextInput
          size="md"
          label={t("session.name")}
          autoComplete="name"
          maxLength={100}
          {...form.getInputProps("username")}
        />
        <NativeSelect size="md" label={t("session.city")} data={choices} {...form.getInputProps("city")} />
        <TextInput
          size="md"
          label={t("session.email")}
          description={t("profile.emailNote")}
          value={account.email}
          readOnly
        />
        {change.isError && <ProblemNote error={change.error} />}
        <Button type="submit" size="md" loading={change.isPending} disabled={!form.isDirty()} w={{ xs: "fit-content" }}>
          {t("common.actions.save")}
        </Button>
      </Stack>
    </form>
  );
}
