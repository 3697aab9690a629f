import { ActionIcon, Text } from "@mantine/core";
import { IconBulb, IconBulbOff } from "@tabler/icons-react";
import { useRef } from "react";
import { useTranslations } from "use-intl";
import { useCamera } from "./camera/use-camera";
import classes from "./scan-page.module.css";

/** The camera's picture, with its light where it has one; says why there is no picture. */
export function CameraView({ onCode }: { onCode: (code: string) => void }) {
  const t = useTranslations("door.camera");
  const video = useRef<HTMLVideoElement>(null);
  const { state, torch } = useCamera(video, onCode);
  return (
    <>
      <video ref={video} muted playsInline aria-label={t("label")} />
      {state === "ON" ? (
        <div className={classes.frame} />
      ) : (
        <Text role="status" ta="center" px="lg">
          {t(state)}
        </Text>
      )}
      {torch && (
        <ActionIcon
          className={classes.torch}
          size={52}
          radius="xl"
          variant="white"
          color="dark.8"
          aria-label={t("torch")}
          aria-pressed={torch.isOn}
          onClick={torch.toggle}
        >
          {torch.isOn ? <IconBulb aria-hidden /> : <IconBulbOff aria-hidden />}
        </ActionIcon>
      )}
    </>
  );
}
