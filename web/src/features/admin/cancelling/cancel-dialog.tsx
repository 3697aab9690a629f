import { Button, Group, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Dialog } from "@/shared/components/dialog";
import { ProblemNote } from "@/shared/components/problem";
import { useFormats } from "@/shared/format/use-formats";
import { Figures } from "../frame/figures";
import { cancellationQuery, type Subject, useCancel } from "./cancelling-api";

/** Says what a cancellation would do and does it when its subject's name is typed; where nothing is sold a click is enough. */
export function CancelDialog(props: { subject: Subject; onClose: () => void; onCancelled: () => void }) {
  const { subject, onClose, onCancelled } = props;
  const t = useTranslations("admin.cancelling");
  const { money, number } = useFormats();
  const { data: effect, error, refetch } = useQuery(cancellationQuery(subject, false));
  const cancel = useCancel(subject);
  const [typed, setTyped] = useState("");
  const mustType = subject.kind !== "showing" || (effect?.bookings ?? 0) > 0;
  const sure = effect !== undefined && (!mustType || typed.trim() === subject.name.trim());
  const confirm = () =>
    cancel.mutate(undefined, {
      onSuccess: () => {
        onCancelled();
        onClose();
      },
    });
  return (
    <Dialog opened onClose={onClose} title={t(`${subject.kind}.ask`, { name: subject.name })} size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (sure) confirm();
        }}
      >
        <Stack gap="lg">
          {subject.detail && <Text c="dimmed">{subject.detail}</Text>}
          {error && <ProblemNote error={error} onRetry={refetch} />}
          {!effect && !error && <Skeleton height={76} />}
          {effect && (
            <Figures
              figures={[
                ...(subject.kind === "showing" ? [] : [{ label: t("showings"), value: number(effect.showings) }]),
                { label: t("bookings"), value: number(effect.bookings) },
                {
                  label: t("moneyBack"),
                  value: effect.currency ? money(effect.refunds_pending_amount, effect.currency) : "–",
                },
              ]}
            />
          )}
          <Text>{effect?.bookings === 0 ? t("nobody") : t("warning")}</Text>
          {mustType && (
            <TextInput
              size="md"
              label={t("typeName", { name: subject.name })}
              autoComplete="off"
              data-autofocus
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
          )}
          {cancel.isError && <ProblemNote error={cancel.error} />}
          <Group justify="flex-end">
            <Button variant="default" size="md" onClick={onClose}>
              {t("keep")}
            </Button>
            <Button type="submit" size="md" color="red.9" disabled={!sure} loading={cancel.isPending}>
              {t(`${subject.kind}.do`)}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
