import { Badge, type BadgeProps } from "@mantine/core";

/** A word about a thing, of no colour of its own: the grey of Mantine's badges does not reach 4.5:1 in both themes. */
export function Tag(props: BadgeProps) {
  return <Badge variant="outline" color="gray" c="var(--mantine-color-text)" {...props} />;
}
