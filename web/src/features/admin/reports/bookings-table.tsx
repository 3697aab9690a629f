import { Table, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { Tag } from "@/shared/components/tag";
import { useFormats } from "@/shared/format/use-formats";
import { plus } from "@/shared/money";
import { WideTable } from "../frame/wide-table";
import type { SoldBooking } from "./reports-api";

/** Who booked what, with the sum of what is shown. */
export function BookingsTable({ bookings }: { bookings: SoldBooking[] }) {
  const t = useTranslations("admin.showing");
  const { money, dayAndTime } = useFormats();
  const seats = bookings.reduce((sum, { seat_ids }) => sum + seat_ids.length, 0);
  const amount = bookings.reduce((sum, { total_amount }) => plus(sum, total_amount), 0);
  return (
    <WideTable label={t("bookings")} minWidth={720}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("number")}</Table.Th>
          <Table.Th>{t("who")}</Table.Th>
          <Table.Th>{t("seats")}</Table.Th>
          <Table.Th>{t("booked")}</Table.Th>
          <Table.Th>{t("status")}</Table.Th>
          <Table.Th ta="end">{t("amount")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {bookings.map((booking) => (
          <Table.Tr key={booking.id}>
            <Table.Td>{booking.id}</Table.Td>
            <Table.Td>
              <Text fw={600} size="sm">
                {booking.username}
              </Text>
              <Text size="sm" c="dimmed">
                {booking.user_email}
              </Text>
            </Table.Td>
            <Table.Td>
              {booking.seat_labels.map(({ row_number, seat_number }) => row_number + seat_number).join(", ")}
            </Table.Td>
            <Table.Td>{dayAndTime(booking.created_at, booking.time_zone)}</Table.Td>
            <Table.Td>
              <Tag>{t(`statuses.${booking.status}`)}</Tag>
            </Table.Td>
            <Table.Td ta="end">{money(booking.total_amount, booking.currency)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
      <Table.Tfoot>
        <Table.Tr>
          <Table.Th colSpan={2}>{t("shown", { count: bookings.length })}</Table.Th>
          <Table.Th colSpan={3}>{t("seatCount", { count: seats })}</Table.Th>
          <Table.Th ta="end">{money(amount, bookings[0]?.currency ?? "INR")}</Table.Th>
        </Table.Tr>
      </Table.Tfoot>
    </WideTable>
  );
}
