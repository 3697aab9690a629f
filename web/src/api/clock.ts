/**
 * The server's clock, read from the `Date` of its answers. The device's own clock may be wrong by hours; only how much time passes
 * is taken from the device, by a clock that nobody sets.
 */
export class ServerClock {
  /** By how many milliseconds the server's clock is ahead of `elapsed`, at least. */
  private ahead = Number.NEGATIVE_INFINITY;
  private readonly elapsed: () => number;

  constructor(elapsed: () => number = () => performance.now()) {
    this.elapsed = elapsed;
  }

  /**
   * An answer is never from the future: each gives a lower bound, and the highest is the best. So an old answer (of a cache, or one
   * that was long on its way) does no harm, and what passed while the device slept is made good by the next.
   */
  note(response: Response): void {
    const told = Date.parse(response.headers.get("Date") ?? "");
    if (!Number.isNaN(told)) this.ahead = Math.max(this.ahead, told - this.elapsed());
  }

  /** Milliseconds since 1970: at most what the server's clock shows, and less by about a second and the way here. The device's
   * clock as long as the server has not told its own. */
  now(): number {
    return Number.isFinite(this.ahead) ? this.elapsed() + this.ahead : Date.now();
  }
}

export const serverClock = new ServerClock();
