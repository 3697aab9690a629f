import { Skeleton, Stack } from "@mantine/core";

/** The place of a page that is on its way: a heading and `rows` lines. */
export function PageSkeleton({ rows = 5 }: { rows?: number }) {
  return (
    <Stack gap="lg" aria-hidden>
      <Skeleton height={36} width="min(18rem, 60%)" />
      <RowsSkeleton rows={rows} />
    </Stack>
  );
}

export function RowsSkeleton({ rows = 5, height = 64 }: { rows?: number; height?: number }) {
  return (
    <Stack gap="sm" aria-hidden>
      {Array.from({ length: rows }, (_, row) => row).map((row) => (
        <Skeleton key={row} height={height} radius="md" />
      ))}
    </Stack>
  );
}
