import { Anchor, Button, Skeleton, Text, Title } from "@mantine/core";
import { IconArrowLeft, IconCamera } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useCallback, useState } from "react";
import { Link, useParams } from "react-router";
import { useTranslations } from "use-intl";
import { ProblemNote } from "@/shared/components/problem";
import { useFormats } from "@/shared/format/use-formats";
import { deskQuery, syncQuery } from "./api";
import { CameraView } from "./camera-view";
import { CodeEntry } from "./code-entry";
import { Conflicts } from "./conflicts";
import type { Keeper } from "./keeper";
import { countInside, type Manifest } from "./offline/decide";
import { OnlineMark } from "./online-mark";
import classes from "./scan-page.module.css";
import { wakeSound } from "./signals";
import { useScanner } from "./use-scanner";
import { VerdictPanel } from "./verdict-panel";

/** The door of one showing: camera above, verdict below, where the thumb is. */
export function ScanPage({ keeper }: { keeper: Keeper }) {
  const t = useTranslations("door");
  const scheduleId = Number(useParams().scheduleId);
  const queryClient = useQueryClient();
  const [cameraOn, setCameraOn] = useState(false);
  const readAgain = useCallback(
    () => queryClient.invalidateQueries({ queryKey: deskQuery(scheduleId).queryKey }),
    [queryClient, scheduleId],
  );
  const sync = useQuery(syncQuery(scheduleId, keeper.venueId, readAgain));
  const desk = useQuery(deskQuery(scheduleId));
  const scanner = useScanner({ scheduleId, venueId: keeper.venueId }, readAgain);
  const { manifest, admissions = [], waiting = 0 } = desk.data ?? {};
  return (
    <div className={classes.page}>
      <Head manifest={manifest} isWaiting={sync.isPending}>
        {manifest && <Inside {...countInside(manifest, admissions)} />}
      </Head>
      {sync.error && <ProblemNote error={sync.error} onRetry={() => sync.refetch()} />}
      {!manifest && sync.isSuccess && <Text>{t("noList")}</Text>}
      <div className={classes.camera}>
        <div className={classes.mark}>
          <OnlineMark waiting={waiting} />
        </div>
        {cameraOn ? (
          <CameraView onCode={scanner.onSeen} />
        ) : (
          <Button
            size="lg"
            leftSection={<IconCamera aria-hidden />}
            onClick={() => {
              wakeSound();
              setCameraOn(true);
            }}
          >
            {t("camera.start")}
          </Button>
        )}
      </div>
      {scanner.error ? (
        <ProblemNote error={scanner.error} />
      ) : (
        <VerdictPanel verdict={scanner.verdict} number={scanner.number} />
      )}
      <CodeEntry
        busy={scanner.isBusy}
        onCode={(code) => {
          wakeSound();
          scanner.onTyped(code);
        }}
      />
      {manifest && <Conflicts admissions={admissions} timeZone={manifest.time_zone} />}
      <Anchor component={Link} to="/door" display="inline-flex" mih={44} style={{ alignItems: "center", gap: 6 }}>
        <IconArrowLeft size={18} aria-hidden /> {t("otherShowing")}
      </Anchor>
    </div>
  );
}

function Head(props: { manifest: Manifest | undefined; isWaiting: boolean; children: ReactNode }) {
  const { manifest, isWaiting, children } = props;
  const t = useTranslations("door");
  const formats = useFormats();
  if (!manifest && isWaiting) return <Skeleton height={62} />;
  return (
    <div className={classes.head}>
      <div>
        <title>{manifest?.show_name ?? t("showings.title")}</title>
        <Title order={1} size="h3">
          {manifest?.show_name ?? t("showings.title")}
        </Title>
        {manifest && (
          <Text c="dimmed">
            {formats.time(manifest.show_time, manifest.time_zone)} · {manifest.screen_name}
          </Text>
        )}
      </div>
      {children}
    </div>
  );
}

function Inside({ inside, total }: { inside: number; total: number }) {
  const t = useTranslations("door");
  const formats = useFormats();
  return (
    <Text component="div" ta="right">
      <div className={classes.inside}>
        {formats.number(inside)} / {formats.number(total)}
      </div>
      <Text size="sm" c="dimmed">
        {t("inside")}
      </Text>
    </Text>
  );
}
