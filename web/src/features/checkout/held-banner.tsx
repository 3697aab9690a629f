import { Button, Container, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "react-router";
import { useTranslations } from "use-intl";
import { countdown } from "@/shared/format/countdown";
import { useSecondsLeft } from "@/shared/hooks/use-seconds-left";
import { holdQuery } from "./api";
import classes from "./held-banner.module.css";
import type { Booking } from "./stage";

/** Reminds, on every page but that of the payment, of seats that wait to be paid. */
export default function HeldBanner() {
  const { pathname } = useLocation();
  const held = useQuery({ ...holdQuery, refetchInterval: ({ state }) => (state.data ? 15_000 : false) }).data;
  if (!held || pathname.startsWith("/checkout/")) return null;
  return <Held booking={held} />;
}

function Held({ booking }: { booking: Booking }) {
  const t = useTranslations("checkout.banner");
  const left = useSecondsLeft(booking.expires_at);
  if (left <= 0) return null;
  return (
    <aside className={classes.banner}>
      <Container size="xl">
        <Group justify="space-between" wrap="nowrap" gap="sm" mih={52}>
          <Text size="sm" fw={600} className={classes.text}>
            {t("held", { show: booking.show_name, time: countdown(left) })}
          </Text>
          <Button
            component={Link}
            to={`/checkout/${booking.id}`}
            variant="white"
            color="dark"
            h={44}
            className={classes.pay}
          >
            {t("pay")}
          </Button>
        </Group>
      </Container>
    </aside>
  );
}
