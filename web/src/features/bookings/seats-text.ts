import type { Booking } from "./api";

/** "B7, B8", in the order of the seats. */
export const seatsText = ({ seat_labels }: Booking): string =>
  seat_labels.map(({ row_number, seat_number }) => row_number + seat_number).join(", ");
