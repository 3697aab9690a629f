/** The same code stays before the camera for a while: only one that comes anew is scanned. */
export class SeenCodes {
  private last = "";
  private lastSeenMs = Number.NEGATIVE_INFINITY;
  private readonly goneAfterMs: number;

  constructor(goneAfterMs = 2_500) {
    this.goneAfterMs = goneAfterMs;
  }

  /** Whether `code`, which the camera sees at `nowMs`, came before it anew. */
  isNew(code: string, nowMs: number): boolean {
    const stayed = code === this.last && nowMs - this.lastSeenMs < this.goneAfterMs;
    this.last = code;
    this.lastSeenMs = nowMs;
    return !stayed;
  }
}
