import { Button, Stack, Title } from "@mantine/core";
import { IconCalendarPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { useTranslations } from "use-intl";
import { PageProblem } from "@/shared/components/page-problem";
import { Tag } from "@/shared/components/tag";
import { notify } from "@/shared/notify";
import { CancelSection } from "../cancelling/cancel-section";
import { PageHead } from "../frame/page-head";
import { PageSkeleton } from "../frame/page-skeleton";
import classes from "./poster.module.css";
import { PosterField } from "./poster-field";
import { ShowForm } from "./show-form";
import { showQuery, useShowsChanged } from "./shows-api";

export function Component() {
  const t = useTranslations("admin.shows");
  const words = useTranslations("admin");
  const id = Number(useParams().showId);
  const { data: show, error, refetch } = useQuery(showQuery(id));
  const showsChanged = useShowsChanged();
  if (error) return <PageProblem error={error} onRetry={refetch} />;
  if (!show) return <PageSkeleton />;
  const plays = show.status === "ACTIVE";
  return (
    <>
      <PageHead
        title={show.title}
        about={!plays && <Tag>{t("cancelled")}</Tag>}
        back={{ to: "/admin/shows", label: t("title") }}
      >
        {plays && (
          <Button
            component={Link}
            to={`/admin/calendar?show=${show.id}`}
            variant="default"
            size="md"
            leftSection={<IconCalendarPlus size={18} aria-hidden />}
          >
            {t("plan")}
          </Button>
        )}
      </PageHead>
      <Stack gap="3rem">
        {plays && (
          <div className={classes.columns}>
            <section aria-labelledby="facts">
              <Title order={2} id="facts" fz="h3" mb="md">
                {t("facts")}
              </Title>
              <ShowForm
                key={show.id}
                show={show}
                currency={show.currency}
                onSaved={() => notify({ message: words("saved") })}
              />
            </section>
            <section aria-labelledby="poster">
              <Title order={2} id="poster" fz="h3" mb="md">
                {t("poster.title")}
              </Title>
              <PosterField show={show} />
            </section>
          </div>
        )}
        <CancelSection
          subject={{ kind: "show", id: show.id, name: show.title }}
          cancelled={!plays}
          onCancelled={showsChanged}
        />
      </Stack>
    </>
  );
}
