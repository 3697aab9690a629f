import { Button, Group, SegmentedControl, Skeleton, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { useTranslations } from "use-intl";
import { ProblemNote } from "@/shared/components/problem";
import { saveFile } from "@/shared/save-file";
import { dayOf } from "../calendar/week";
import { Empty } from "../frame/empty";
import { PageHead } from "../frame/page-head";
import { periodOf, readPeriod, spans } from "./period";
import { type Group as GroupBy, groups, salesCsv, salesQuery } from "./reports-api";
import { SalesChart } from "./sales-chart";
import { SalesFigures } from "./sales-figures";
import { SalesTable } from "./sales-table";
import { totalsOf } from "./sums";

/** Revenue and occupancy of some days; which days and by what stands in the address. */
export function Component() {
  const t = useTranslations("admin.reports");
  const [parameters, setParameters] = useSearchParams();
  const today = dayOf(new Date(), Intl.DateTimeFormat().resolvedOptions().timeZone);
  const period = readPeriod(parameters.get("from"), parameters.get("to"), today);
  const by: GroupBy = groups.find((group) => group === parameters.get("by")) ?? "day";
  const { data: rows, error, refetch, isPlaceholderData } = useQuery(salesQuery(period, by));
  const csv = useMutation({
    mutationFn: () => salesCsv(period, by),
    onSuccess: (file) => saveFile(file, `sales-by-${by}-${period.from_date}-${period.to_date}.csv`),
  });
  const choose = (change: { from?: string; to?: string; by?: string }) =>
    setParameters(
      { from: period.from_date, to: period.to_date, by, ...change },
      { replace: true, preventScrollReset: true },
    );
  return (
    <>
      <PageHead title={t("title")} about={t("about")}>
        <Button
          variant="default"
          size="md"
          leftSection={<IconDownload size={18} aria-hidden />}
          loading={csv.isPending}
          onClick={() => csv.mutate()}
        >
          {t("csv")}
        </Button>
      </PageHead>
      <Group align="flex-end" gap="md" mb="xl">
        <TextInput
          type="date"
          size="md"
          label={t("from")}
          value={period.from_date}
          max={period.to_date}
          onChange={(event) => choose({ from: event.currentTarget.value })}
        />
        <TextInput
          type="date"
          size="md"
          label={t("to")}
          value={period.to_date}
          min={period.from_date}
          onChange={(event) => choose({ to: event.currentTarget.value })}
        />
        <Group gap="xs">
          {spans.map((span) => {
            const days = periodOf(span, today);
            const isChosen = days.from_date === period.from_date && days.to_date === period.to_date;
            return (
              <Button
                key={span}
                h={44}
                variant={isChosen ? "filled" : "default"}
                aria-pressed={isChosen}
                onClick={() => choose({ from: days.from_date, to: days.to_date })}
              >
                {t(`spans.${span}`)}
              </Button>
            );
          })}
        </Group>
        <SegmentedControl
          size="md"
          ml={{ md: "auto" }}
          aria-label={t("by")}
          data={groups.map((group) => ({ value: group, label: t(`groups.${group}`) }))}
          value={by}
          onChange={(group) => choose({ by: group })}
        />
      </Group>
      {csv.isError && <ProblemNote error={csv.error} />}
      {error && <ProblemNote error={error} onRetry={refetch} />}
      {!rows && !error && <ReportSkeleton />}
      {rows?.length === 0 && (
        <Empty title={t("none")}>
          <Text c="dimmed">{t("noneHint")}</Text>
        </Empty>
      )}
      {rows && rows.length > 0 && (
        <Stack gap="2.5rem" opacity={isPlaceholderData ? 0.6 : 1}>
          {totalsOf(rows).map((total) => (
            <Stack key={total.currency} gap="2.5rem">
              <SalesFigures total={total} />
              <SalesChart
                rows={rows.filter(({ currency }) => currency === total.currency)}
                by={by}
                currency={total.currency}
              />
            </Stack>
          ))}
          <div>
            <Title order={2} fz="h3" mb="md">
              {t("figures")}
            </Title>
            <SalesTable rows={rows} by={by} />
          </div>
        </Stack>
      )}
    </>
  );
}

function ReportSkeleton() {
  return (
    <Stack gap="2.5rem" aria-hidden>
      <Skeleton height={92} radius="lg" />
      <Skeleton height={340} radius="lg" />
      <Skeleton height={240} radius="lg" />
    </Stack>
  );
}
