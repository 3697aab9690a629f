import type { NotificationData } from "@mantine/notifications";

/** A note that comes and goes at the top of the page, for what needs no answer. Its code is loaded with the first one. */
export async function notify(note: NotificationData): Promise<void> {
  const { notifications } = await import("@mantine/notifications");
  notifications.show({ withCloseButton: false, ...note });
}
