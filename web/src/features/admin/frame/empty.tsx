import { Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./empty.module.css";

/** What stands where there is nothing: why, and what to do about it. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Stack className={classes.empty} gap="xs" align="center">
      <Text fw={650} fz="lg">
        {title}
      </Text>
      {children}
    </Stack>
  );
}
