import { Skeleton } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { api, unwrap } from "@/api/client";
import { useFormats } from "@/shared/format/use-formats";
import type { Showing } from "../calendar/layout";
import { Figures } from "../frame/figures";
import { houseKey } from "../frame/keys";
import { seatCounts } from "./seat-counts";

const refreshMs = 15_000;

const seatsQuery = (scheduleId: number) =>
  queryOptions({
    queryKey: [...houseKey, "seats", scheduleId],
    queryFn: () =>
      unwrap(api.GET("/bookings/schedule/{schedule_id}/seats", { params: { path: { schedule_id: scheduleId } } })),
    refetchInterval: refreshMs,
  });

/** How full a showing is, from its seats. */
export function ShowingFigures({ showing }: { showing: Showing }) {
  const t = useTranslations("admin.showing");
  const { money, number, percent } = useFormats();
  const { data: seats, error } = useQuery(seatsQuery(showing.id));
  if (error) return null; // the bookings below say what is wrong
  if (!seats) return <Skeleton height={106} radius="lg" />;
  const { sold, held, free, all } = seatCounts(seats);
  return (
    <Figures
      figures={[
        { label: t("sold"), value: number(sold), beside: t("ofSeats", { seats: number(all) }) },
        { label: t("held"), value: number(held) },
        { label: t("free"), value: number(free) },
        { label: t("occupancy"), value: all ? percent(sold / all) : "–" },
        { label: t("price"), value: money(showing.price, showing.currency) },
      ]}
    />
  );
}
