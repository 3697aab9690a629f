/**
 * The server's clock, read from the `Date` of its answers. The device's own clock may be wrong by hours; only how much time passes
 * is taken from the device, by a clock that nobody sets.
 */
export class ServerClock {
  /** By how many milliseconds the server's clock is ahead of `elapsed`, at least. */
  private ahead = Number.NEGATIVE_INFINITY;
  private readonly elapsed: () => number;
  private readonly memory: ClockMemory | undefined;

  /** With a `memory`, a page that is loaded without a network goes by what an earlier one was told. */
  constructor(elapsed: () => number = () => performance.now(), memory?: ClockMemory) {
    this.elapsed = elapsed;
    this.memory = memory;
  }

  /**
   * An answer is never from the future: each gives a lower bound, and the highest is the best. So an old answer (of a cache, or one
   * that was long on its way) does no harm, and what passed while the device slept is made good by the next.
   */
  note(response: Response): void {
    const told = Date.parse(response.headers.get("Date") ?? "");
    if (Number.isNaN(told) || told - this.elapsed() <= this.ahead) return;
    this.ahead = told - this.elapsed();
    this.memory?.keep(this.now() - Date.now());
  }

  /** Milliseconds since 1970: at most what the server's clock shows, and less by about a second and the way here. As long as the
   * server has not told its own, the device's clock with the error that it had when the server last did. */
  now(): number {
    return Number.isFinite(this.ahead) ? this.elapsed() + this.ahead : Date.now() + (this.memory?.kept() ?? 0);
  }
}

/** Keeps by how many milliseconds the server's clock is ahead of the device's. */
export interface ClockMemory {
  keep(aheadMs: number): void;
  kept(): number;
}

const aheadKey = "ticketshow-clock-ahead";
const browserMemory: ClockMemory = {
  keep: (aheadMs) => localStorage.setItem(aheadKey, String(Math.round(aheadMs))),
  kept: () => Number(localStorage.getItem(aheadKey)) || 0,
};

export const serverClock = new ServerClock(undefined, browserMemory);
