import { Alert, List } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { useFormats } from "@/shared/format/use-formats";
import type { Admission } from "./offline/decide";

/** Whom this device let in without a network and the server would not have. */
export function Conflicts({ admissions, timeZone }: { admissions: Admission[]; timeZone: string }) {
  const t = useTranslations("door");
  const formats = useFormats();
  const conflicts = admissions.filter(({ conflict }) => conflict);
  if (conflicts.length === 0) return null;
  return (
    <Alert
      color="yellow"
      variant="outline"
      icon={<IconAlertTriangle aria-hidden />}
      title={t("conflicts.title", { count: conflicts.length })}
    >
      {t("conflicts.text")}
      <List mt="xs">
        {conflicts.map(({ ticket, seat, at, conflict = "FORGED" }) => (
          <List.Item key={ticket}>
            <b>{t("verdict.seat", { seat })}</b>, {formats.time(at, timeZone)}: {t(`verdict.reasons.${conflict}`)}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
