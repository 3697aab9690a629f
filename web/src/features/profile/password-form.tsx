import { Button, PasswordInput, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { hasCode } from "@/api/errors";
import { ProblemNote } from "@/shared/components/problem";
import { notify } from "@/shared/notify";
import { changePassword } from "./api";

const shortestPassword = 8; // the API's least

export function PasswordForm({ email }: { email: string }) {
  const t = useTranslations();
  const form = useForm({
    initialValues: { current_password: "", new_password: "" },
    validate: {
      current_password: (value) => (value ? null : t("profile.password.currentMissing")),
      new_password: (value) => (value.length < shortestPassword ? t("session.passwordShort") : null),
    },
  });
  const change = useMutation({
    mutationFn: changePassword,
    onSuccess: () => {
      form.reset();
      notify({ message: t("profile.password.changed"), color: "teal" });
    },
    onError: (error) => {
      if (hasCode(error, "WRONG_PASSWORD")) form.setFieldError("current_password", t("profile.password.wrong"));
    },
  });
  return (
    <form onSubmit={form.onSubmit((passwords) => change.mutate(passwords))} noValidate>
      <Stack>
        {/* Tells the browser's keeper of passwords whose it is. */}
        <input type="text" autoComplete="username" value={email} readOnly hidden />
        <PasswordInput
          size="md"
          label={t("profile.password.current")}
          autoComplete="current-password"
          {...form.getInputProps("current_password")}
        />
        <PasswordInput
          size="md"
          label={t("profile.password.new")}
          description={t("session.passwordHint")}
          autoComplete="new-password"
          {...form.getInputProps("new_password")}
        />
        {change.isError && !hasCode(change.error, "WRONG_PASSWORD") && <ProblemNote error={change.error} />}
        <Button type="submit" variant="default" size="md" loading={change.isPending} w={{ xs: "fit-content" }}>
          {t("profile.password.action")}
        </Button>
      </Stack>
    </form>
  );
}
