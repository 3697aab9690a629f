import type { TopUp } from "./api";

/** The API's limits, in major units. */
export const leastTopUp = 50;
export const mostTopUp = 50_000;
export const presets = [200, 500, 1_000, 2_000];

/** The amount that an address asks for, brought within the limits and to whole minor units; nothing when it names none. */
export function amountAskedFor(text: string | null): number | undefined {
  const amount = Number(text ?? Number.NaN);
  if (!Number.isFinite(amount) || amount <= 0) return undefined;
  return Math.min(mostTopUp, Math.max(leastTopUp, Math.ceil(amount * 100) / 100));
}

export function isWithinLimits(amount: unknown): amount is number {
  return typeof amount === "number" && amount >= leastTopUp && amount <= mostTopUp;
}

const quick = { pauseMs: 1_500, times: 40 };
const slowPauseMs = 10_000;

/** How long to wait before asking again how far a top-up is; false when it has come to an end. */
export function pauseBeforeAsking(status: TopUp["status"] | undefined, asked: number): number | false {
  if (status !== undefined && status !== "PENDING" && status !== "REFUND_INITIATED") return false;
  return asked < quick.times ? quick.pauseMs : slowPauseMs;
}
