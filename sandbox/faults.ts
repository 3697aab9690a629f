/** Calls of the API that go wrong on purpose. */

import { ApiError } from "./http.ts";
import { checkMembers, isAmount, isNullOr, isOneOf, isText } from "./switches.ts";

/** What goes wrong with the next calls of a path. */
export interface Fault {
  /** Null: every method. */
  method: string | null;
  /** The exact path, or, with `*` at its end, what it begins with. */
  path: string;
  /** How many calls more it strikes; null: all. */
  times: number | null;
  /** Waits before the call is done. */
  delay_ms: number;
  /** Waits after it is done and before it is answered. */
  answer_delay_ms: number;
  /** Answers this instead of doing the call. */
  status: number | null;
  code: string;
  message: string;
  /** The body of that answer in place of `{code, message}`. */
  body: string | null;
  /** Cuts the connection before the call is done, or after it is done and instead of an answer. */
  cut: "before" | "after" | null;
}

const CHECKS = {
  method: isNullOr(isText),
  path: isText,
  times: isNullOr((value) => isAmount(value) && (value as number) >= 1),
  delay_ms: isAmount,
  answer_delay_ms: isAmount,
  status: isNullOr((value) => isAmount(value) && (value as number) >= 400 && (value as number) <= 599),
  code: isText,
  message: isText,
  body: isNullOr(isText),
  cut: isNullOr(isOneOf("before", "after")),
};

const MAX_FAULTS = 1_000;

export class Faults {
  #faults: Fault[] = [];

  /** Adds a fault that strikes once unless it says otherwise; an ApiError when it is none. */
  add(given: Record<string, unknown>): Fault {
    checkMembers(given, CHECKS);
    if (given.path === undefined) throw new ApiError(400, "BAD_SWITCH", 'A fault needs a "path"');
    if (this.#faults.length >= MAX_FAULTS)
      throw new ApiError(400, "BAD_SWITCH", "There are too many faults; delete some");
    const fault: Fault = {
      method: null,
      path: "",
      times: 1,
      delay_ms: 0,
      answer_delay_ms: 0,
      status: null,
      code: "INTERNAL_SERVER_ERROR",
      message: "A fault of the sandbox's switches",
      body: null,
      cut: null,
      ...given,
    };
    this.#faults.push(fault);
    return fault;
  }

  /** The first fault for such a call, which it uses up. */
  strike(method: string, path: string): Fault | null {
    const fault = this.#faults.find((each) => (each.method ?? method) === method && covers(each.path, path));
    if (!fault) return null;
    if (fault.times !== null && --fault.times <= 0) this.#faults.splice(this.#faults.indexOf(fault), 1);
    return fault;
  }

  all(): readonly Fault[] {
    return this.#faults;
  }

  clear(): void {
    this.#faults = [];
  }
}

function covers(pattern: string, path: string): boolean {
  return pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
}
