import "@mantine/dropzone/styles.layer.css";
import { Progress, Stack, Text } from "@mantine/core";
import { Dropzone, type FileRejection } from "@mantine/dropzone";
import { IconPhotoUp } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { Poster } from "@/shared/components/poster";
import { ProblemNote } from "@/shared/components/problem";
import classes from "./poster.module.css";
import { type Show, useShowsChanged } from "./shows-api";
import { uploadPoster } from "./upload-poster";

const kinds = ["image/jpeg", "image/png", "image/webp"];
const largestBytes = 5 * 1024 * 1024; // the API's most

/** A show's poster, and the place to drop another. What is dropped is shown at once, before the server has it. */
export function PosterField({ show }: { show: Show }) {
  const t = useTranslations("admin.shows.poster");
  const showsChanged = useShowsChanged();
  const [preview, setPreview] = useState<string>();
  const [sent, setSent] = useState(0);
  const [refusal, setRefusal] = useState<string>();
  useEffect(() => () => URL.revokeObjectURL(preview ?? ""), [preview]);

  const upload = useMutation({
    mutationFn: (file: File) => uploadPoster(show.id, file, setSent),
    onSuccess: showsChanged,
    onError: () => setPreview(undefined),
  });
  const drop = ([file]: File[]) => {
    if (!file) return;
    setRefusal(undefined);
    setSent(0);
    setPreview(URL.createObjectURL(file));
    upload.mutate(file);
  };
  const reject = ([first]: FileRejection[]) => {
    upload.reset();
    setRefusal(first && first.file.size > largestBytes ? t("tooLarge") : t("wrongKind"));
  };
  return (
    <Stack gap="md">
      <div className={classes.picture}>
        {preview ? <img src={preview} alt={t("of", { title: show.title })} /> : <Poster show={show} sizes="15rem" />}
      </div>
      <Dropzone
        accept={kinds}
        maxSize={largestBytes}
        multiple={false}
        loading={upload.isPending}
        onDrop={drop}
        onReject={reject}
        p="lg"
        radius="md"
        inputProps={{ "aria-label": t("choose") }}
      >
        <Stack align="center" gap={4} ta="center" py="sm">
          <IconPhotoUp size={32} stroke={1.5} aria-hidden />
          <Text fw={600}>{show.poster ? t("replace") : t("drop")}</Text>
          <Text size="sm" c="dimmed">
            {t("limits")}
          </Text>
        </Stack>
      </Dropzone>
      {upload.isPending && <Progress value={sent * 100} aria-label={t("sending")} />}
      {refusal && (
        <Text c="var(--mantine-color-error)" size="sm" role="alert">
          {refusal}
        </Text>
      )}
      {upload.isError && <ProblemNote error={upload.error} />}
      <Text size="sm" role="status" c="dimmed" mih="1.5em">
        {upload.isSuccess && t("done")}
      </Text>
    </Stack>
  );
}
