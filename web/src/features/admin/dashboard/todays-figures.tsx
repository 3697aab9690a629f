import { Skeleton, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ProblemNote } from "@/shared/components/problem";
import type { Day } from "../calendar/week";
import { salesQuery } from "../reports/reports-api";
import { SalesFigures } from "../reports/sales-figures";
import { totalsOf } from "../reports/sums";

const nothing = { currency: "INR", showings: 0, seats_offered: 0, seats_sold: 0, revenue: 0 };

export function TodaysFigures({ today }: { today: Day }) {
  const { data, error, refetch } = useQuery(salesQuery({ from_date: today, to_date: today }, "day"));
  if (error) return <ProblemNote error={error} onRetry={refetch} />;
  if (!data) return <Skeleton height={106} radius="lg" />;
  const totals = totalsOf(data);
  return (
    <Stack>
      {(totals.length > 0 ? totals : [nothing]).map((total) => (
        <SalesFigures key={total.currency} total={total} />
      ))}
    </Stack>
  );
}
