import { Box, Button, Tabs } from "@mantine/core";
import { IconCalendarWeek } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearchParams } from "react-router";
import { useTranslations } from "use-intl";
import { PageProblem } from "@/shared/components/page-problem";
import { Tag } from "@/shared/components/tag";
import { notify } from "@/shared/notify";
import { CancelSection } from "../cancelling/cancel-section";
import { PageHead } from "../frame/page-head";
import { PageSkeleton } from "../frame/page-skeleton";
import { ScreensPanel } from "../screens/screens-panel";
import { StaffPanel } from "./staff-panel";
import { useHours } from "./use-hours";
import { VenueForm } from "./venue-form";
import { useVenuesChanged, venueQuery } from "./venues-api";

const parts = ["screens", "staff", "facts"] as const;

export function Component() {
  const t = useTranslations("admin.venues");
  const words = useTranslations("admin");
  const hours = useHours();
  const id = Number(useParams().venueId);
  const [parameters, setParameters] = useSearchParams();
  const { data: venue, error, refetch } = useQuery(venueQuery(id));
  const venuesChanged = useVenuesChanged();
  if (error) return <PageProblem error={error} onRetry={refetch} />;
  if (!venue) return <PageSkeleton />;
  const closing = (
    <CancelSection
      subject={{ kind: "venue", id: venue.id, name: venue.name }}
      cancelled={venue.status === "INACTIVE"}
      onCancelled={venuesChanged}
    />
  );
  const head = (
    <PageHead
      title={venue.name}
      about={venue.status === "INACTIVE" ? <Tag>{t("closed")}</Tag> : `${venue.city} · ${hours(venue)}`}
      back={{ to: "/admin/venues", label: t("title") }}
    >
      {venue.status === "ACTIVE" && (
        <Button
          component={Link}
          to={`/admin/calendar?venue=${venue.id}`}
          size="md"
          variant="default"
          leftSection={<IconCalendarWeek size={18} aria-hidden />}
        >
          {t("plan")}
        </Button>
      )}
    </PageHead>
  );
  if (venue.status === "INACTIVE") {
    return (
      <>
        {head}
        {closing}
      </>
    );
  }
  const part = parts.find((name) => name === parameters.get("part")) ?? "screens";
  return (
    <>
      {head}
      <Tabs
        value={part}
        keepMounted={false}
        onChange={(name) => setParameters(name && name !== "screens" ? { part: name } : {}, { replace: true })}
      >
        <Tabs.List mb="xl">
          {parts.map((name) => (
            <Tabs.Tab key={name} value={name} mih={44} fz="md">
              {t(`parts.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="screens">
          <ScreensPanel venueId={venue.id} />
        </Tabs.Panel>
        <Tabs.Panel value="staff">
          <StaffPanel venueId={venue.id} />
        </Tabs.Panel>
        <Tabs.Panel value="facts">
          <Box maw="44rem" mb="3rem">
            <VenueForm key={venue.id} venue={venue} onSaved={() => notify({ message: words("saved") })} />
          </Box>
          {closing}
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
