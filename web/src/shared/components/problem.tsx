import { Alert, Button, Group, Text } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { ApiError, ConnectionLost, isTemporary } from "@/api/errors";

/** Turns any error into one sentence that says what to do. The server's own sentences are already such. */
export function useErrorText(): (error: unknown) => string {
  const t = useTranslations("common.errors");
  return (error) => {
    if (error instanceof ConnectionLost) return t("offline");
    if (error instanceof ApiError) {
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
