import { Button, Divider, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { IconCopy, IconTicket } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "react-router";
import { useTranslations } from "use-intl";
import { Dialog } from "@/shared/components/dialog";
import { useFormats } from "@/shared/format/use-formats";
import { notify } from "@/shared/notify";
import { CancelDialog } from "../cancelling/cancel-dialog";
import type { Screen } from "../screens/screens-api";
import type { Venue } from "../venues/venues-api";
import type { Block, Showing } from "./layout";
import { useMove } from "./showings-api";
import { useReason } from "./use-reason";
import { isDay, parseClock, placeOf, printClock } from "./week";

interface Props {
  venue: Venue;
  screens: Screen[];
  showings: Showing[];
  block: Block;
  onRepeat: (block: Block) => void;
  onClose: () => void;
}

/** One showing: its bookings, and the ways to move, repeat and cancel it. */
export function ShowingDialog({ venue, screens, showings, block, onRepeat, onClose }: Props) {
  const t = useTranslations("admin.calendar");
  const { dayAndTime, time } = useFormats();
  const { showing, start, end } = block;
  const now = placeOf(showing.start_time, venue.time_zone);
  const [day, setDay] = useState(now.day);
  const [clock, setClock] = useState(printClock(now.minutes));
  const [screenId, setScreenId] = useState(showing.screen_id);
  const [cancelling, setCancelling] = useState(false);
  const move = useMove(venue.time_zone);
  const reasonOf = useReason(venue, showings);
  const minutes = parseClock(clock);
  const hasBegun = Date.parse(showing.start_time) <= Date.now();
  const isMoved = day !== now.day || minutes !== now.minutes || screenId !== showing.screen_id;
  if (cancelling) {
    const detail = `${dayAndTime(showing.start_time, venue.time_zone)} · ${showing.screen_name}`;
    return (
      <CancelDialog
        subject={{ kind: "showing", id: showing.id, name: showing.show_title, detail }}
        onClose={onClose}
        onCancelled={() => notify({ message: t("cancelled", { title: showing.show_title }) })}
      />
    );
  }
  return (
    <Dialog opened onClose={onClose} title={showing.show_title} size="lg">
      <Stack gap="lg">
        <Text c="dimmed">
          {dayAndTime(showing.start_time, venue.time_zone)} – {time(showing.end_time, venue.time_zone)} ·{" "}
          {showing.screen_name}
        </Text>
        <Group gap="sm">
          <Button
            component={Link}
            to={`/admin/showings/${showing.id}`}
            variant="default"
            size="md"
            leftSection={<IconTicket size={18} aria-hidden />}
          >
            {t("bookings")}
          </Button>
          <Button
            variant="default"
            size="md"
            leftSection={<IconCopy size={18} aria-hidden />}
            onClick={() => onRepeat({ ...block, start, end })}
          >
            {t("repeat")}
          </Button>
        </Group>
        {!hasBegun && (
          <>
            <Divider />
            <form
              onSubmit={(event) => {
                event.preventDefault();
                if (minutes === undefined || !isDay(day)) return;
                move.mutate(
                  { id: showing.id, to: { day, minutes }, screenId },
                  {
                    onSuccess: () => {
                      notify({ message: t("moved", { title: showing.show_title }) });
                      onClose();
                    },
                  },
                );
              }}
            >
              <Stack>
                <Group align="flex-end" gap="sm">
                  <TextInput
                    type="date"
                    size="md"
                    label={t("moveDay")}
                    value={day}
                    onChange={(event) => setDay(event.currentTarget.value)}
                  />
                  <TextInput
                    type="time"
                    size="md"
                    label={t("moveTime")}
                    value={clock}
                    onChange={(event) => setClock(event.currentTarget.value)}
                  />
                  <NativeSelect
                    size="md"
                    label={t("screen")}
                    data={screens.map(({ id, name }) => ({ value: String(id), label: name }))}
                    value={String(screenId)}
                    onChange={(event) => setScreenId(Number(event.currentTarget.value))}
                  />
                  <Button type="submit" size="md" disabled={!isMoved} loading={move.isPending}>
                    {t("move")}
                  </Button>
                </Group>
                {move.isError && (
                  <Text c="var(--mantine-color-error)" role="alert">
                    {reasonOf(move.error, { day, minutes: minutes ?? 0 }, end - start, showing.id)}
                  </Text>
                )}
              </Stack>
            </form>
            <Divider />
            <Group>
              <Button
                variant="outline"
                color="red"
                c="var(--mantine-color-error)"
                size="md"
                onClick={() => setCancelling(true)}
              >
                {t("cancelShowing")}
              </Button>
            </Group>
          </>
        )}
      </Stack>
    </Dialog>
  );
}
