import { Table } from "@mantine/core";
import type { ReactNode } from "react";

/** A table that scrolls sideways where it is wider than the page, by keys too. `minWidth` is in pixels. */
export function WideTable(props: { label: string; minWidth: number; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys (WCAG 2.1.1)
    <section style={{ overflowX: "auto" }} tabIndex={0} aria-label={props.label}>
      <Table verticalSpacing="sm" miw={props.minWidth} highlightOnHover tabularNums>
        {props.children}
      </Table>
    </section>
  );
}
