import { Badge } from "@mantine/core";
import { IconCloudCheck, IconCloudOff, IconCloudUp } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { useOnline } from "./connection";

/** Whether the server decides or this device, and how many admissions it does not know of. */
export function OnlineMark({ waiting }: { waiting: number }) {
  const t = useTranslations("door.connection");
  const online = useOnline();
  const Icon = online ? (waiting ? IconCloudUp : IconCloudCheck) : IconCloudOff;
  return (
    <Badge
      size="xl"
      tt="none"
      variant={online ? "default" : "filled"}
      color={online ? undefined : "yellow.5"}
      c={online ? undefined : "#14131a"}
      leftSection={<Icon size={20} aria-hidden />}
      role="status"
    >
      {t(online ? "online" : "offline")}
      {waiting > 0 && ` · ${t("waiting", { count: waiting })}`}
    </Badge>
  );
}
