import { Button, Group, Switch, Text, TextInput } from "@mantine/core";
import { IconPlus, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useSearchParams } from "react-router";
import { useTranslations } from "use-intl";
import { ProblemNote } from "@/shared/components/problem";
import { Tag } from "@/shared/components/tag";
import { useDuration } from "@/shared/format/use-duration";
import { useFormats } from "@/shared/format/use-formats";
import { Empty } from "../frame/empty";
import { PageHead } from "../frame/page-head";
import { RowsSkeleton } from "../frame/page-skeleton";
import { RowLink, RowList } from "../frame/rows";
import { findShows } from "./find-shows";
import { PosterThumb } from "./poster-thumb";
import { type Show, showsQuery } from "./shows-api";

export function Component() {
  const t = useTranslations("admin.shows");
  const { data: shows, error, refetch } = useQuery(showsQuery);
  const [parameters, setParameters] = useSearchParams();
  const wanted = parameters.get("q") ?? "";
  const withCancelled = parameters.has("cancelled");
  const choose = (name: string, value: string) =>
    setParameters(
      (before) => {
        if (value) before.set(name, value);
        else before.delete(name);
        return before;
      },
      { replace: true },
    );
  const found = shows && findShows(shows, wanted, withCancelled);
  return (
    <>
      <PageHead title={t("title")} about={t("about")}>
        <Button component={Link} to="new" size="md" leftSection={<IconPlus size={18} aria-hidden />}>
          {t("new")}
        </Button>
      </PageHead>
      <Group mb="lg" gap="lg">
        <TextInput
          type="search"
          size="md"
          flex="1 1 16rem"
          aria-label={t("search")}
          placeholder={t("search")}
          leftSection={<IconSearch size={18} aria-hidden />}
          value={wanted}
          onChange={(event) => choose("q", event.currentTarget.value)}
        />
        <Switch
          size="md"
          label={t("withCancelled")}
          checked={withCancelled}
          onChange={(event) => choose("cancelled", event.currentTarget.checked ? "1" : "")}
        />
      </Group>
      {error && <ProblemNote error={error} onRetry={refetch} />}
      {!shows && !error && <RowsSkeleton height={88} />}
      {found?.length === 0 && (
        <Empty title={wanted ? t("noneFound", { wanted }) : t("none")}>
          {!wanted && <Text c="dimmed">{t("noneHint")}</Text>}
        </Empty>
      )}
      {found && found.length > 0 && (
        <RowList label={t("title")}>
          {found.map((show) => (
            <ShowRow key={show.id} show={show} />
          ))}
        </RowList>
      )}
    </>
  );
}

function ShowRow({ show }: { show: Show }) {
  const t = useTranslations("admin.shows");
  const duration = useDuration();
  const { money } = useFormats();
  const facts = [duration(show.duration_minutes), show.language, show.rating].filter(Boolean).join(" · ");
  return (
    <RowLink to={`/admin/shows/${show.id}`}>
      <PosterThumb show={show} />
      <div>
        <Text fw={650} lineClamp={2}>
          {show.title}
        </Text>
        <Text size="sm" c="dimmed">
          {facts}
        </Text>
      </div>
      <Group gap="sm" ml="auto" wrap="nowrap">
        {show.status === "CANCELLED" && <Tag>{t("cancelled")}</Tag>}
        <Text fw={600} style={{ whiteSpace: "nowrap" }}>
          {money(show.price, show.currency)}
        </Text>
      </Group>
    </RowLink>
  );
}
