import { Container, Skeleton, Stack, Title } from "@mantine/core";
import { useParams } from "react-router";
import { useTranslations } from "use-intl";
import { SignedInOnly } from "@/features/session/signed-in-only";
import { PageProblem } from "@/shared/components/page-problem";
import classes from "./checkout.module.css";
import { Confirmed } from "./confirmed";
import { OrderCard } from "./order-card";
import { StageView } from "./stage-view";
import { useCheckout } from "./use-checkout";

/**
 * Pays what is held. All that is shown follows from what the server knows of the booking and its payment, so the page can be
 * reloaded, left for the card's page, and opened on another device.
 */
export function Component() {
  const bookingId = Number(useParams().bookingId);
  return (
    <SignedInOnly>
      <Checkout key={bookingId} bookingId={bookingId} />
    </SignedInOnly>
  );
}

function Checkout({ bookingId }: { bookingId: number }) {
  const t = useTranslations("checkout");
  const { booking, stage, error, refetch } = useCheckout(bookingId);
  const isPayable = stage?.is === "open" || stage?.is === "card";
  return (
    <Container size="md" py="xl">
      <title>{t("title")}</title>
      {error && !stage ? (
        <PageProblem error={error} onRetry={refetch} />
      ) : !booking || !stage ? (
        <Waiting />
      ) : stage.is === "confirmed" ? (
        <Confirmed booking={booking} />
      ) : (
        <Stack gap="lg">
          {isPayable && (
            <Title order={1} size="h2">
              {t("title")}
            </Title>
          )}
          <div className={classes.columns}>
            <OrderCard booking={booking} isHeld={isPayable} />
            <div aria-live="polite">
              <StageView booking={booking} stage={stage} />
            </div>
          </div>
        </Stack>
      )}
    </Container>
  );
}

function Waiting() {
  return (
    <Stack gap="lg" aria-hidden>
      <Skeleton h={34} w="14rem" />
      <div className={classes.columns}>
        <Skeleton h="17rem" radius="lg" />
        <Skeleton h="22rem" radius="lg" />
      </div>
    </Stack>
  );
}
