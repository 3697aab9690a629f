import { Button, Container, Stack, Tabs, Text, Title } from "@mantine/core";
import { IconTicket } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { Link, useSearchParams } from "react-router";
import { useTranslations } from "use-intl";
import { SignedInOnly } from "@/features/session/signed-in-only";
import { ProblemNote } from "@/shared/components/problem";
import { useNow } from "@/shared/hooks/use-now";
import { bookingsQuery } from "./api";
import { BookingCard, BookingCardSkeleton } from "./booking-card";
import { type Group, groups, inGroup } from "./booking-rules";

export function Component() {
  return (
    <SignedInOnly>
      <BookingsPage />
    </SignedInOnly>
  );
}

function BookingsPage() {
  const t = useTranslations("bookings");
  const [parameters, setParameters] = useSearchParams();
  const group = groups.find((name) => name === parameters.get("show")) ?? "upcoming";
  return (
    <Container size="sm" py="xl">
      <title>{t("title")}</title>
      <Title order={1} mb="lg">
        {t("title")}
      </Title>
      <Tabs value={group} onChange={(name) => setParameters({ show: name ?? "upcoming" }, { replace: true })}>
        <Tabs.List grow mb="lg">
          {groups.map((name) => (
            <Tabs.Tab key={name} value={name} py="sm">
              {t(`groups.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {groups.map((name) => (
          <Tabs.Panel key={name} value={name}>
            {name === group && <BookingList group={name} />}
          </Tabs.Panel>
        ))}
      </Tabs>
    </Container>
  );
}

function BookingList({ group }: { group: Group }) {
  const t = useTranslations();
  const now = useNow(1000);
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(bookingsQuery);
  const shown = inGroup(data?.pages.flat() ?? [], group, now);

  // Bookings come by when they were made: those of a group may all stand on a later page.
  const looksFurther = shown.length === 0 && hasNextPage && !error;
  useEffect(() => {
    if (looksFurther && !isFetchingNextPage) fetchNextPage();
  }, [looksFurther, isFetchingNextPage, fetchNextPage]);

  if (error && !data) return <ProblemNote error={error} onRetry={() => refetch()} />;
  if (!data || looksFurther) {
    return (
      <Stack>
        <BookingCardSkeleton />
        <BookingCardSkeleton />
        <BookingCardSkeleton />
      </Stack>
    );
  }
  if (shown.length === 0) return <Empty group={group} />;
  return (
    <Stack>
      {shown.map((booking) => (
        <BookingCard key={booking.id} booking={booking} now={now} />
      ))}
      {error && <ProblemNote error={error} onRetry={() => fetchNextPage()} />}
      {hasNextPage && (
        <Button variant="default" size="md" loading={isFetchingNextPage} onClick={() => fetchNextPage()}>
          {t("common.actions.more")}
        </Button>
      )}
    </Stack>
  );
}

function Empty({ group }: { group: Group }) {
  const t = useTranslations("bookings.empty");
  return (
    <Stack align="center" ta="center" py="xl" gap="xs">
      <IconTicket size={48} stroke={1.25} aria-hidden color="var(--mantine-color-dimmed)" />
      <Title order={2} size="h3">
        {t(`${group}Title`)}
      </Title>
      <Text c="dimmed">{t(group)}</Text>
      {group === "upcoming" && (
        <Button component={Link} to="/" size="md" mt="md">
          {t("action")}
        </Button>
      )}
    </Stack>
  );
}
