import { Button, Group, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";

/** The way without a camera: a code that is pasted, or comes from a scanner that types. */
export function CodeEntry({ onCode, busy }: { onCode: (code: string) => void; busy: boolean }) {
  const t = useTranslations("door.entry");
  const [text, setText] = useState("");
  const enter = (event: FormEvent) => {
    event.preventDefault();
    const code = text.replaceAll(/\s/g, "").toUpperCase();
    if (!code || busy) return;
    setText("");
    onCode(code);
  };
  return (
    <form onSubmit={enter}>
      <Group align="flex-end" gap="xs" wrap="nowrap">
        <TextInput
          flex={1}
          size="md"
          label={t("label")}
          placeholder="TS1:…"
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" size="md" variant="default" loading={busy}>
          {t("action")}
        </Button>
      </Group>
    </form>
  );
}
