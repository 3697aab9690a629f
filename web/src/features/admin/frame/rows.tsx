import { IconChevronRight } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import classes from "./rows.module.css";

/** A list whose rows lead on. */
export function RowList({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul className={classes.rows} aria-label={label}>
      {children}
    </ul>
  );
}

export function RowLink({ to, children }: { to: string; children: ReactNode }) {
  return (
    <li>
      <Link className={classes.row} to={to}>
        {children}
        <IconChevronRight className={classes.on} size={18} aria-hidden />
      </Link>
    </li>
  );
}
