import "@mantine/charts/styles.layer.css";
import { BarChart } from "@mantine/charts";
import { SimpleGrid, Title } from "@mantine/core";
import { useTranslations } from "use-intl";
import { useFormats } from "@/shared/format/use-formats";
import type { Group, SalesRow } from "./reports-api";
import { occupancy } from "./sums";
import { useLabel } from "./use-label";

const mostBars = 31;
const chartHeight = 280;

/** Revenue and occupancy as bars, for eyes alone: the table below says the same to everybody. */
export function SalesChart({ rows, by, currency }: { rows: SalesRow[]; by: Group; currency: string }) {
  const t = useTranslations("admin.reports");
  const { money, percent } = useFormats();
  const labelOf = useLabel(by);
  const bars = (by === "day" ? rows.slice(-mostBars) : rows.slice(0, mostBars)).map((row) => ({
    label: labelOf(row),
    revenue: row.revenue,
    occupancy: occupancy(row) ?? 0,
  }));
  const shape = {
    h: chartHeight,
    data: bars,
    dataKey: "label",
    tickLine: "none" as const,
    maxBarWidth: 48,
    // Keys lead into the table instead, where the numbers are words.
    barChartProps: { accessibilityLayer: false },
    barProps: { isAnimationActive: false, radius: [4, 4, 0, 0] as [number, number, number, number] },
  };
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="2rem">
      <section>
        <Title order={2} fz="h4" mb="sm">
          {t("revenue")}
        </Title>
        <div aria-hidden>
          <BarChart
            {...shape}
            series={[{ name: "revenue", label: t("revenue"), color: "velvet.6" }]}
            valueFormatter={(value) => money(value, currency)}
            yAxisProps={{ width: 80 }}
          />
        </div>
      </section>
      <section>
        <Title order={2} fz="h4" mb="sm">
          {t("occupancy")}
        </Title>
        <div aria-hidden>
          <BarChart
            {...shape}
            series={[{ name: "occupancy", label: t("occupancy"), color: "indigo.6" }]}
            valueFormatter={percent}
            yAxisProps={{ domain: [0, 1] }}
          />
        </div>
      </section>
    </SimpleGrid>
  );
}
