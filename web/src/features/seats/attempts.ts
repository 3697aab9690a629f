import { newId } from "@/shared/new-id";
import type { Pick } from "./pick";

/**
 * Idempotency keys of wishes to hold seats. The same seats of the same showing are the same wish, and go under the same key, until
 * it is answered: so an answer that was lost on its way costs nobody a second hold.
 */
export class Attempts {
  private readonly open = new Map<string, string>();

  keyOf(scheduleId: number, seats: Pick): string {
    const wish = nameOfWish(scheduleId, seats);
    const key = this.open.get(wish) ?? newId();
    this.open.set(wish, key);
    return key;
  }

  /** The next wish for these seats is a new one. */
  answered(scheduleId: number, seats: Pick): void {
    this.open.delete(nameOfWish(scheduleId, seats));
  }
}

/** In whatever order they were picked. */
function nameOfWish(scheduleId: number, seats: Pick): string {
  return `${scheduleId}: ${[...seats].sort((one, other) => one - other).join()}`;
}
