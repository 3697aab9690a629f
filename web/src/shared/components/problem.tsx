import { Alert, Button, Group, Text } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { ApiError, ConnectionLost, isTemporary } from "@/api/errors";
import type { HouseMessages, Messages } from "@/messages";
import { isLostFile } from "@/shared/lost-file";

/**
 * Turns any error into one sentence that says what to do. The refusals that people meet are said in their language; the server's own
 * sentences, for all others, are such too, but English.
 */
export function useErrorText(): (error: unknown) => string {
  const t = useTranslations("common.errors");
  const refusals = useTranslations("refusals");
  return (error) => {
    if (error instanceof ConnectionLost) return t("offline");
    if (isLostFile(error)) return t("fileLost");
    if (error instanceof ApiError) {
      const code = error.code as keyof (Messages & HouseMessages)["refusals"];
      if (refusals.has(code)) return refusals(code);
      if (error.status === 429 && error.retryAfter) return t("tooMany", { seconds: error.retryAfter });
      if (error.status === 503) return error.problem.detail ?? t("busy");
      if (error.status < 500) return error.message;
      return t("server", { id: error.problem.correlation_id ?? "–" });
    }
    return t("server", { id: "–" });
  };
}

/** An error in the place of what it kept from coming. */
export function ProblemNote({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useTranslations("common");
  const errorText = useErrorText();
  return (
    <Alert
      color="red"
      variant="outline"
      role="alert"
      icon={<IconAlertCircle aria-hidden />}
      title={t("errors.title")}
      styles={{ title: { color: "var(--mantine-color-error)" } }}
    >
      <Group justify="space-between">
        <Text size="sm">{errorText(error)}</Text>
        {onRetry && isTemporary(error) && (
          <Button size="xs" variant="default" onClick={onRetry}>
            {t("actions.retry")}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
