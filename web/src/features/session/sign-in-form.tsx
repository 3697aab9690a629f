import { Anchor, Button, Container, PasswordInput, Stack, TextInput, Title } from "@mantine/core";
import { isEmail, useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslations } from "use-intl";
import { ProblemNote } from "@/shared/components/problem";
import { useCity } from "@/shared/hooks/use-city";
import { register, signIn } from "./session";

const shortestPassword = 8; // the API's least

interface Props {
  onDone: () => void;
  /** What the form stands in, under the title of what it does; by default a page. */
  frame?: (title: string, form: ReactNode) => ReactNode;
}

/** Signs in, or makes an account first; `onDone` follows when somebody is signed in. */
export function SignInForm({ onDone, frame = asPage }: Props) {
  const t = useTranslations("session");
  const [isNew, setIsNew] = useState(false);
  const [city] = useCity();
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { email: "", password: "", username: "" },
    validate: {
      email: isEmail(t("emailInvalid")),
      password: (value) => (value.length < shortestPassword ? t("passwordShort") : null),
      username: (value) => (isNew && !value.trim() ? t("nameMissing") : null),
    },
  });
  const enter = useMutation({
    mutationFn: ({ username, ...credentials }: typeof form.values) =>
      isNew ? register({ ...credentials, username: username.trim(), city: city ?? undefined }) : signIn(credentials),
    onSuccess: onDone,
  });
  return frame(
    t(isNew ? "registerTitle" : "signInTitle"),
    <form onSubmit={form.onSubmit((values) => enter.mutate(values))} noValidate>
      <Stack>
        {isNew && (
          <TextInput
            size="md"
            label={t("name")}
            description={t("namePlaceholder")}
            autoComplete="name"
            required
            key={form.key("username")}
            {...form.getInputProps("username")}
          />
        )}
        <TextInput
          size="md"
          label={t("email")}
          type="email"
          autoComplete="username"
          data-autofocus
          required
          key={form.key("email")}
          {...form.getInputProps("email")}
        />
        <PasswordInput
          size="md"
          label={t("password")}
          description={isNew ? t("passwordHint") : undefined}
          autoComplete={isNew ? "new-password" : "current-password"}
          required
          key={form.key("password")}
          {...form.getInputProps("password")}
        />
        {enter.isError && <ProblemNote error={enter.error} />}
        <Button type="submit" size="md" loading={enter.isPending} fullWidth>
          {isNew ? t("register") : t("signIn")}
        </Button>
        <Anchor
          component="button"
          type="button"
          mih={44}
          onClick={() => {
            enter.reset();
            setIsNew(!isNew);
          }}
        >
          {isNew ? t("toSignIn") : t("toRegister")}
        </Anchor>
      </Stack>
    </form>,
  );
}

function asPage(title: string, form: ReactNode) {
  return (
    <Container size="xs" py="xl">
      <title>{title}</title>
      <Title order={1} mb="lg">
        {title}
      </Title>
      {form}
    </Container>
  );
}
