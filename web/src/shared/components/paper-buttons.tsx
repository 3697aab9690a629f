import { Button, Group, Stack } from "@mantine/core";
import { IconCalendarPlus, IconFileTypePdf } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { useLanguage } from "@/shared/language";
import { fetchPaper, type Paper, papers } from "@/shared/papers";
import { saveFile } from "@/shared/save-file";
import { ProblemNote } from "./problem";

/** The tickets as PDF, and the visit for a calendar; in the language of the page. */
export function PaperButtons({ bookingId }: { bookingId: number }) {
  const t = useTranslations("bookings.papers");
  const { language } = useLanguage();
  const saving = useMutation({
    mutationFn: async (paper: Paper) =>
      saveFile(await fetchPaper(paper, bookingId, language), papers[paper].fileName(bookingId)),
  });
  const button = (paper: Paper, Icon: typeof IconCalendarPlus) => (
    <Button
      variant="default"
      size="md"
      leftSection={<Icon size={20} aria-hidden />}
      loading={saving.isPending && saving.variables === paper}
      onClick={() => saving.mutate(paper)}
    >
      {t(paper)}
    </Button>
  );
  return (
    <Stack gap="xs">
      <Group grow preventGrowOverflow={false}>
        {button("pdf", IconFileTypePdf)}
        {button("calendar", IconCalendarPlus)}
      </Group>
      {saving.isError && (
        <ProblemNote error={saving.error} onRetry={() => saving.variables && saving.mutate(saving.variables)} />
      )}
    </Stack>
  );
}
