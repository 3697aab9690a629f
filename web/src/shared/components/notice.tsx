import { Alert } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./notice.module.css";

/** Something that went otherwise than wished, and needs a decision but no alarm. */
export function Notice({ title, icon, children }: { title: string; icon: ReactNode; children: ReactNode }) {
  return (
    <Alert color="orange" variant="outline" classNames={{ title: classes.title }} icon={icon} title={title}>
      {children}
    </Alert>
  );
}
