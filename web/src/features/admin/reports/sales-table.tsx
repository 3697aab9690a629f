import { Table } from "@mantine/core";
import { useTranslations } from "use-intl";
import { useFormats } from "@/shared/format/use-formats";
import { WideTable } from "../frame/wide-table";
import type { Group, SalesRow } from "./reports-api";
import { occupancy } from "./sums";
import { useLabel } from "./use-label";

export function SalesTable({ rows, by }: { rows: SalesRow[]; by: Group }) {
  const t = useTranslations("admin.reports");
  const { money, number, percent } = useFormats();
  const labelOf = useLabel(by);
  return (
    <WideTable label={t("figures")} minWidth={600}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t(`groups.${by}`)}</Table.Th>
          <Table.Th ta="end">{t("showings")}</Table.Th>
          <Table.Th ta="end">{t("seatsSold")}</Table.Th>
          <Table.Th ta="end">{t("seatsOffered")}</Table.Th>
          <Table.Th ta="end">{t("occupancy")}</Table.Th>
          <Table.Th ta="end">{t("revenue")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => {
          const part = occupancy(row);
          return (
            <Table.Tr key={`${row.key} ${row.currency}`}>
              <Table.Th scope="row" fw={600}>
                {labelOf(row)}
              </Table.Th>
              <Table.Td ta="end">{number(row.showings)}</Table.Td>
              <Table.Td ta="end">{number(row.seats_sold)}</Table.Td>
              <Table.Td ta="end">{number(row.seats_offered)}</Table.Td>
              <Table.Td ta="end">{part === undefined ? "–" : percent(part)}</Table.Td>
              <Table.Td ta="end">{money(row.revenue, row.currency)}</Table.Td>
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </WideTable>
  );
}
