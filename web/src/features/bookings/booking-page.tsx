import { Alert, Anchor, Button, Container, Skeleton, Stack, Text } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { Link, useParams } from "react-router";
import { useTranslations } from "use-intl";
import { SignedInOnly } from "@/features/session/signed-in-only";
import { PageProblem } from "@/shared/components/page-problem";
import { PaperButtons } from "@/shared/components/paper-buttons";
import { useNow } from "@/shared/hooks/use-now";
import { type Booking, bookingQuery, paymentQuery } from "./api";
import { BookingFacts } from "./booking-facts";
import { cancellationOf, refundOf, stateOf } from "./booking-rules";
import { RefundProgress } from "./refund-progress";
import { Tickets } from "./tickets";

const CancelDialog = lazy(() => import("./cancel-dialog"));

export function Component() {
  const t = useTranslations("bookings");
  const { bookingId } = useParams();
  return (
    <SignedInOnly>
      <Container size="sm" py="xl">
        <Anchor component={Link} to="/bookings" display="inline-flex" mih={44} style={{ alignItems: "center", gap: 6 }}>
          <IconArrowLeft size={18} aria-hidden /> {t("toList")}
        </Anchor>
        <BookingPage id={Number(bookingId)} />
      </Container>
    </SignedInOnly>
  );
}

function BookingPage({ id }: { id: number }) {
  const booking = useQuery(bookingQuery(id));
  if (booking.data) return <BookingDetails booking={booking.data} />;
  if (booking.error) return <PageProblem error={booking.error} onRetry={() => booking.refetch()} />;
  return (
    <Stack gap="lg" aria-hidden>
      <Skeleton height={68} width="70%" />
      <Skeleton height={190} />
      <Skeleton height={320} />
    </Stack>
  );
}

function BookingDetails({ booking }: { booking: Booking }) {
  const t = useTranslations("bookings");
  const now = useNow(1000);
  const state = stateOf(booking, now);
  const { data: payment } = useQuery(paymentQuery(booking.id, state === "CANCELLED"));
  const refund = refundOf(state, payment);
  return (
    <Stack gap="xl">
      <title>{booking.show_name}</title>
      <BookingFacts booking={booking} payment={payment} state={state} now={now} />
      {state !== "CONFIRMED" && (
        <Alert variant="outline" color={state === "PENDING" ? "yellow" : "gray"} role="status">
          <Text>{t(`outcome.${state}`)}</Text>
          {state === "PENDING" ? (
            <Button component={Link} to={`/checkout/${booking.id}`} size="md" mt="md">
              {t("pay")}
            </Button>
          ) : (
            new Date(booking.show_time) > now && (
              <Button component={Link} to={`/showings/${booking.schedule_id}`} variant="default" size="md" mt="md">
                {t("bookAgain")}
              </Button>
            )
          )}
        </Alert>
      )}
      {payment && refund && <RefundProgress payment={payment} refund={refund} />}
      {state === "CONFIRMED" && <Tickets booking={booking} />}
      {state === "CONFIRMED" && <PaperButtons bookingId={booking.id} />}
      <Cancellation booking={booking} now={now} />
    </Stack>
  );
}

function Cancellation({ booking, now }: { booking: Booking; now: Date }) {
  const t = useTranslations("bookings.cancel");
  const [asking, setAsking] = useState(false);
  const { data: payment } = useQuery(paymentQuery(booking.id, false));
  const what = cancellationOf(booking, now);
  if (what === "NONE") return null;
  if (what === "BEGUN" || what === "ADMITTED")
    return <Text c="dimmed">{t(what === "BEGUN" ? "begun" : "admitted")}</Text>;
  return (
    <Stack gap={4} align="flex-start">
      <Button
        variant="subtle"
        color="red"
        size="md"
        ml="calc(-1 * var(--mantine-spacing-md))"
        onClick={() => setAsking(true)}
      >
        {t(what === "RELEASE" ? "release" : "action")}
      </Button>
      {what === "REFUND" && (
        <Text size="sm" c="dimmed">
          {t("policy")}
        </Text>
      )}
      {asking && (
        <Suspense>
          <CancelDialog booking={booking} payment={payment} onClose={() => setAsking(false)} />
        </Suspense>
      )}
    </Stack>
  );
}
