import { Input, SegmentedControl, Stack, useMantineColorScheme } from "@mantine/core";
import { useTranslations } from "use-intl";
import { type Language, languages } from "@/messages";
import { ProblemNote } from "@/shared/components/problem";
import { useLanguage } from "@/shared/language";
import { useChangeAccount } from "./use-change-account";

const colorSchemes = ["light", "dark", "auto"] as const;

/** How the platform speaks, here and in mails, and how it looks; each choice holds at once. */
export function Preferences() {
  const t = useTranslations();
  const { language, setLanguage } = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const change = useChangeAccount();
  const speak = (chosen: Language) => {
    setLanguage(chosen);
    change.mutate({ language: chosen });
  };
  return (
    <Stack gap="lg">
      <Input.Wrapper label={t("common.language")} description={t("profile.languageNote")} labelElement="div" size="md">
        <SegmentedControl
          fullWidth
          mt="xs"
          size="md"
          aria-label={t("common.language")}
          value={language}
          onChange={(value) => speak(value as Language)}
          data={Object.entries(languages).map(([value, { name }]) => ({ value, label: name }))}
        />
      </Input.Wrapper>
      {change.isError && <ProblemNote error={change.error} onRetry={() => change.mutate({ language })} />}
      <Input.Wrapper label={t("common.theme.label")} labelElement="div" size="md">
        <SegmentedControl
          fullWidth
          mt="xs"
          size="md"
          aria-label={t("common.theme.label")}
          value={colorScheme}
          onChange={(value) => setColorScheme(value as (typeof colorSchemes)[number])}
          data={colorSchemes.map((value) => ({ value, label: t(`common.theme.${value}`) }))}
        />
      </Input.Wrapper>
    </Stack>
  );
}
