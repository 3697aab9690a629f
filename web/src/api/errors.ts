import type { components } from "./schema";

export type Problem = Partial<components["schemas"]["problem"]>;

/** The server's refusal: RFC 9457, with a code for programs and a sentence for people. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly problem: Problem;
  /** Seconds after which it is worth another try, when the server says so. */
  readonly retryAfter: number | undefined;

  constructor(response: Response, problem: Problem) {
    super(problem.detail ?? `The server answered ${response.status}.`);
    this.name = "ApiError";
    this.status = response.status;
    this.code = problem.code ?? "";
    this.problem = problem;
    const seconds = Number(response.headers.get("Retry-After"));
    this.retryAfter = seconds > 0 ? seconds : undefined;
  }
}

/** No answer came. What was asked for may have happened all the same. */
export class ConnectionLost extends Error {
  constructor() {
    super("The connection was lost.");
    this.name = "ConnectionLost";
  }
}

/** Whether asking again later can help. */
export function isTemporary(error: unknown): boolean {
  return (
    error instanceof ConnectionLost || (error instanceof ApiError && (error.status >= 500 || error.status === 429))
  );
}

/** Whether an address leads to what is not there: there is nothing of this number, or it is none. */
export function isMissing(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 404 || error.code === "VALIDATION_FAILED");
}

export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof ApiError && codes.includes(error.code);
}
