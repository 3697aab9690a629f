import { Button, Group, NativeSelect, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useParams } from "react-router";
import { useTranslations } from "use-intl";
import type { Api } from "@/api/types";
import { PageProblem } from "@/shared/components/page-problem";
import { ProblemNote } from "@/shared/components/problem";
import { useFormats } from "@/shared/format/use-formats";
import { showingQuery } from "../calendar/showings-api";
import { dayOf } from "../calendar/week";
import { CancelSection } from "../cancelling/cancel-section";
import { Empty } from "../frame/empty";
import { PageHead } from "../frame/page-head";
import { PageSkeleton, RowsSkeleton } from "../frame/page-skeleton";
import { BookingsTable } from "./bookings-table";
import { pageSize, soldQuery } from "./reports-api";
import { ShowingFigures } from "./showing-figures";

const statuses = ["CONFIRMED", "PENDING", "CANCELLED", "EXPIRED", "FAILED"] as const;

/** A showing: how full it is, who booked it, and the way to cancel it. */
export function Component() {
  const t = useTranslations("admin.showing");
  const words = useTranslations("admin");
  const { dayAndTime, time } = useFormats();
  const id = Number(useParams().scheduleId);
  const [status, setStatus] = useState<Api["booking_status"] | undefined>("CONFIRMED");
  const [page, setPage] = useState(0);
  const { data: showing, error, refetch } = useQuery(showingQuery(id));
  const sold = useQuery(soldQuery(id, status, page));
  if (error) return <PageProblem error={error} onRetry={refetch} />;
  if (!showing) return <PageSkeleton />;
  const zone = showing.time_zone;
  const bookings = sold.data?.slice(0, pageSize);
  const hasMore = (sold.data?.length ?? 0) > pageSize;
  const isCancelled = showing.status === "CANCELLED";
  const canCancel = !isCancelled && Date.parse(showing.start_time) > Date.now();
  const when = `${dayAndTime(showing.start_time, zone)} – ${time(showing.end_time, zone)}`;
  const day = dayOf(showing.start_time, zone);
  return (
    <>
      <PageHead
        title={showing.show_title}
        about={`${when} · ${showing.venue_name}, ${showing.screen_name}`}
        back={{
          to: `/admin/calendar?venue=${showing.venue_id}&screen=${showing.screen_id}&week=${day}`,
          label: words("nav.calendar"),
        }}
      />
      <ShowingFigures showing={showing} />
      <Group justify="space-between" align="flex-end" mt="2.5rem" mb="md">
        <Title order={2} fz="h3">
          {t("bookings")}
        </Title>
        <NativeSelect
          size="md"
          label={t("status")}
          value={status ?? ""}
          onChange={(event) => {
            setPage(0);
            setStatus(statuses.find((one) => one === event.currentTarget.value));
          }}
          data={[
            { value: "", label: t("all") },
            ...statuses.map((value) => ({ value: value as string, label: t(`statuses.${value}`) })),
          ]}
        />
      </Group>
      {sold.error && <ProblemNote error={sold.error} onRetry={sold.refetch} />}
      {!bookings && !sold.error && <RowsSkeleton height={48} />}
      {bookings?.length === 0 && (
        <Empty title={t("none")}>
          <Text c="dimmed">{t("noneHint")}</Text>
        </Empty>
      )}
      {bookings && bookings.length > 0 && <BookingsTable bookings={bookings} />}
      {(page > 0 || hasMore) && (
        <Group justify="center" mt="md">
          <Button variant="default" size="md" disabled={page === 0} onClick={() => setPage(page - 1)}>
            {t("newer")}
          </Button>
          <Button variant="default" size="md" disabled={!hasMore} onClick={() => setPage(page + 1)}>
            {t("older")}
          </Button>
        </Group>
      )}
      {(canCancel || isCancelled) && (
        <Group mt="3rem" grow>
          <CancelSection
            subject={{ kind: "showing", id, name: showing.show_title, detail: when }}
            cancelled={isCancelled}
            onCancelled={refetch}
          />
        </Group>
      )}
    </>
  );
}
