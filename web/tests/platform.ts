import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface Account {
  email: string;
  password: string;
}

export interface MadeShowing {
  show: number;
  title: string;
  venue: number;
  schedule: number;
  seats: number[];
}

/** A platform of the tests' own (tests/web_platform.py), and what can be done to it from outside the browser. */
export class Platform {
  url = "";
  accounts: Record<"USER" | "ADMIN" | "STAFF", [email: string, password: string]> = {} as never;
  private readonly waiting: ((line: string) => void)[] = [];

  private constructor(private readonly child: ChildProcessWithoutNullStreams) {
    createInterface(child.stdout).on("line", (line) => this.waiting.shift()?.(line));
  }

  /** With `posters`, the sample shows have theirs. */
  static async start(directory: string, posters = false): Promise<Platform> {
    const root = new URL("../..", import.meta.url).pathname;
    const child = spawn("python3", ["-m", "tests.web_platform", directory, ...(posters ? ["--posters"] : [])], {
      cwd: root,
    });
    let complaint = "";
    child.stderr.on("data", (data) => {
      complaint += data;
    });
    const platform = new Platform(child);
    const ended = new Promise<never>((_, reject) => child.on("exit", () => reject(new Error(complaint))));
    ended.catch(() => undefined);
    Object.assign(platform, await Promise.race([platform.nextLine(), ended]));
    return platform;
  }

  /** Ends it, and waits until it has. */
  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.on("exit", resolve));
    this.child.stdin.end();
    await ended;
  }

  user = (wallet?: number) => this.do<Account & { id: number }>("user", { wallet });
  showing = (how: { minutes?: number; capacity?: number } = {}) => this.do<MadeShowing>("showing", how);
  staff = (venue: number) => this.do<Account>("staff", { venue });
  hold = (email: string, schedule: number, seats: number[]) =>
    this.do<{ id: number }>("hold", { email, schedule, seats });
  giveBack = (email: string, booking: number) => this.do("give_back", { email, booking });
  /** Somebody buys seats, elsewhere: the booking and the codes of its tickets. */
  tickets = (email: string, schedule: number, seats: number[]) =>
    this.do<{ booking: number; codes: string[] }>("tickets", { email, schedule, seats });
  /** An event that payment could not handle, set aside as a dead letter. With a paid `booking` it asks for its refund, and can be handled now. */
  deadLetter = (booking?: number) => this.do<{ key: string }>("dead_letter", { booking });
  endHold = (booking: string | number) => this.do("end_hold", { booking });
  turn = (switches: Record<string, unknown>) => this.do("turn", switches);
  mails = (to: string) => this.do<{ subject: string; text: string }[]>("mails", { to });
  check = () => this.do("check", {});

  /** One of the sample accounts. */
  sample(role: "USER" | "ADMIN" | "STAFF"): Account {
    const [email, password] = this.accounts[role];
    return { email, password };
  }

  private async do<Outcome>(what: string, how: Record<string, unknown>): Promise<Outcome> {
    const answer = this.nextLine();
    this.child.stdin.write(`${JSON.stringify({ do: what, ...how })}\n`);
    const outcome = await answer;
    if (outcome !== null && typeof outcome === "object" && "error" in outcome) throw new Error(String(outcome.error));
    return outcome as Outcome;
  }

  private nextLine(): Promise<unknown> {
    return new Promise((resolve) => this.waiting.push((line) => resolve(JSON.parse(line))));
  }
}
