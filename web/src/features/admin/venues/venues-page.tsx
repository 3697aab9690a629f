import { Button, Switch, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { useTranslations } from "use-intl";
import { ProblemNote } from "@/shared/components/problem";
import { Tag } from "@/shared/components/tag";
import { Empty } from "../frame/empty";
import { PageHead } from "../frame/page-head";
import { RowsSkeleton } from "../frame/page-skeleton";
import { RowLink, RowList } from "../frame/rows";
import { useHours } from "./use-hours";
import { venuesQuery } from "./venues-api";

export function Component() {
  const t = useTranslations("admin.venues");
  const hours = useHours();
  const { data: venues, error, refetch } = useQuery(venuesQuery);
  const [withClosed, setWithClosed] = useState(false);
  const shown = venues?.filter(({ status }) => withClosed || status === "ACTIVE");
  return (
    <>
      <PageHead title={t("title")} about={t("about")}>
        <Button component={Link} to="new" size="md" leftSection={<IconPlus size={18} aria-hidden />}>
          {t("new")}
        </Button>
      </PageHead>
      <Switch
        mb="lg"
        size="md"
        label={t("withClosed")}
        checked={withClosed}
        onChange={(event) => setWithClosed(event.currentTarget.checked)}
      />
      {error && <ProblemNote error={error} onRetry={refetch} />}
      {!venues && !error && <RowsSkeleton height={76} />}
      {shown?.length === 0 && (
        <Empty title={t("none")}>
          <Text c="dimmed">{t("noneHint")}</Text>
        </Empty>
      )}
      {shown && shown.length > 0 && (
        <RowList label={t("title")}>
          {shown.map((venue) => (
            <RowLink key={venue.id} to={`/admin/venues/${venue.id}`}>
              <div>
                <Text fw={650}>{venue.name}</Text>
                <Text size="sm" c="dimmed">
                  {venue.location} · {venue.city}
                </Text>
                <Text size="sm" c="dimmed">
                  {hours(venue)}
                </Text>
              </div>
              {venue.status === "INACTIVE" && <Tag ml="auto">{t("closed")}</Tag>}
              <span style={{ marginLeft: venue.status === "INACTIVE" ? 0 : "auto" }} />
            </RowLink>
          ))}
        </RowList>
      )}
    </>
  );
}
