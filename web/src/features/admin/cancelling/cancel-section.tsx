import { Button, Paper, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { CancelDialog } from "./cancel-dialog";
import { CancelProgress } from "./cancel-progress";
import type { Subject } from "./cancelling-api";

/** The way to cancel a show, a showing or a venue for good; how far that is, once it is done. */
export function CancelSection(props: { subject: Subject; cancelled: boolean; onCancelled: () => void }) {
  const { subject, cancelled, onCancelled } = props;
  const t = useTranslations("admin.cancelling");
  const [asking, setAsking] = useState(false);
  return (
    <Paper component="section" withBorder radius="lg" p={{ base: "md", sm: "xl" }} aria-labelledby="cancelling">
      <Stack align="flex-start" gap="md">
        <Title order={2} fz="h3" id="cancelling">
          {t(cancelled ? `${subject.kind}.cancelledTitle` : `${subject.kind}.title`)}
        </Title>
        {cancelled ? (
          <CancelProgress subject={subject} />
        ) : (
          <>
            <Text c="dimmed" maw="40rem">
              {t(`${subject.kind}.about`)}
            </Text>
            <Button
              color="red"
              variant="outline"
              size="md"
              c="var(--mantine-color-error)"
              onClick={() => setAsking(true)}
            >
              {t(`${subject.kind}.do`)}
            </Button>
          </>
        )}
      </Stack>
      {asking && <CancelDialog subject={subject} onClose={() => setAsking(false)} onCancelled={onCancelled} />}
    </Paper>
  );
}
