import { Paper, Text, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";

/** A part of the profile that one changes by itself. */
export function Section({ title, note, children }: { title: string; note?: string; children: ReactNode }) {
  const id = useId();
  return (
    <Paper component="section" aria-labelledby={id} withBorder p={{ base: "md", sm: "xl" }} radius="lg">
      <Title order={2} size="h3" id={id}>
        {title}
      </Title>
      {note && (
        <Text c="dimmed" mt={4}>
          {note}
        </Text>
      )}
      <div style={{ marginTop: "var(--mantine-spacing-md)" }}>{children}</div>
    </Paper>
  );
}
