import { Badge } from "@mantine/core";
import { useTranslations } from "use-intl";
import type { BookingState } from "./booking-rules";

const colors: Record<BookingState, string> = {
  PENDING: "yellow",
  CONFIRMED: "teal",
  CANCELLED: "gray",
  FAILED: "gray",
  EXPIRED: "gray",
};

export function StateBadge({ state }: { state: BookingState }) {
  const t = useTranslations("bookings");
  return (
    <Badge color={colors[state]} variant="dot" size="lg" tt="none" fw={600} style={{ flexShrink: 0 }}>
      {t(`states.${state}`)}
    </Badge>
  );
}
