/** Dodo's limits of rate: 100 calls a minute for a key, and 10 in any second. */

const PER_MINUTE = 100;
const PER_SECOND = 10;

export class RateLimiter {
  #calls: number[] = [];

  /** Counts a call at `now` (in ms) unless it is one too many; says how many are left in the minute. */
  take(now: number): { allowed: boolean; remaining: number } {
    this.#calls = this.#calls.filter((at) => at > now - 60_000);
    const inThisSecond = this.#calls.filter((at) => at > now - 1_000).length;
    const allowed = this.#calls.length < PER_MINUTE && inThisSecond < PER_SECOND;
    if (allowed) this.#calls.push(now);
    return { allowed, remaining: PER_MINUTE - this.#calls.length };
  }

  reset(): void {
    this.#calls = [];
  }
}
