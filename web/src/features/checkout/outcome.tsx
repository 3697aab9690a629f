import { Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./checkout.module.css";

interface Props {
  title: string;
  text: string;
  /** The server's words. */
  reason?: string;
  icon?: ReactNode;
  action?: ReactNode;
}

/** How it stands, in a sentence, and where to go from there. */
export function Outcome({ title, text, reason, icon, action }: Props) {
  return (
    <section className={`${classes.card} ${classes.outcome}`}>
      {icon}
      <Stack gap="xs">
        <Title order={1} size="h2">
          {title}
        </Title>
        {reason && <Text>{reason}</Text>}
        <Text c={reason ? "dimmed" : undefined}>{text}</Text>
      </Stack>
      {action}
    </section>
  );
}
