import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api } from "@/api/client";
import { nameOf, type Seat, stateOf } from "./hall";
import { pauseAfter } from "./seat-stream";
import { seatAt } from "./testing";
import { useLiveSeats } from "./use-live-seats";

class FakeEventSource extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSED = 2;
  static all: FakeEventSource[] = [];
  static get last() {
    const last = FakeEventSource.all.at(-1);
    if (!last) throw new Error("No stream was asked for.");
    return last;
  }
  readyState = FakeEventSource.CONNECTING;
  readonly url: string;

  constructor(url: string) {
    super();
    this.url = url;
    FakeEventSource.all.push(this);
  }
  close() {
    this.readyState = FakeEventSource.CLOSED;
  }
  tell(type: string, data: unknown) {
    this.readyState = FakeEventSource.OPEN;
    act(() => {
      this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) }));
    });
  }
  fail(readyState: number) {
    this.readyState = readyState;
    act(() => {
      this.dispatchEvent(new Event("error"));
    });
  }
}

const [a1, a2, a3] = [seatAt("A", 1), seatAt("A", 2), seatAt("A", 3)];
let served: Seat[];
let asked: number;

beforeEach(() => {
  served = [a1, a2, a3];
  asked = 0;
  FakeEventSource.all = [];
  vi.stubGlobal("EventSource", FakeEventSource);
  vi.useFakeTimers({ shouldAdvanceTime: true });
  vi.spyOn(api, "GET").mockImplementation(async () => {
    ++asked;
    return { data: served, response: new Response() } as never;
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function follow() {
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
  );
  const hook = renderHook(() => useLiveSeats(7), { wrapper });
  await waitFor(() => expect(FakeEventSource.all).toHaveLength(1));
  return {
    ...hook,
    states: () => hook.result.current.data?.map((seat) => `${nameOf(seat)} ${stateOf(seat)}`).join(", "),
  };
}
const snapshot = (held: Seat[], sold: Seat[] = [], on_sale = true) => ({
  version: "1",
  on_sale,
  held: held.map((seat) => seat.id),
  sold: sold.map((seat) => seat.id),
});
const changes = (change: { free?: Seat[]; held?: Seat[]; sold?: Seat[] }) => ({
  version: "2",
  free: (change.free ?? []).map((seat) => seat.id),
  held: (change.held ?? []).map((seat) => seat.id),
  sold: (change.sold ?? []).map((seat) => seat.id),
});

test("a snapshot says how all seats are, changes what is different since", async () => {
  const { states } = await follow();
  expect(FakeEventSource.last.url).toBe("/api/v1/bookings/schedule/7/seats/stream");
  FakeEventSource.last.tell("snapshot", snapshot([a1], [a2]));
  expect(states()).toBe("A1 held, A2 sold, A3 free");
  FakeEventSource.last.tell("seats", changes({ free: [a1], held: [a3] }));
  expect(states()).toBe("A1 free, A2 sold, A3 held");
});

test("seats that did not change stay the same objects", async () => {
  const { result } = await follow();
  const before = result.current.data;
  FakeEventSource.last.tell("seats", changes({ held: [a3] }));
  expect(result.current.data?.[0]).toBe(before?.[0]);
  expect(result.current.data?.[2]).not.toBe(before?.[2]);
});

test("when the sale ends, no seat can be had, until a snapshot says otherwise", async () => {
  const { states } = await follow();
  FakeEventSource.last.tell("snapshot", snapshot([], [a2]));
  FakeEventSource.last.tell("closed", { version: "3" });
  expect(states()).toBe("A1 closed, A2 sold, A3 closed");
  FakeEventSource.last.tell("snapshot", snapshot([], [a2]));
  expect(states()).toBe("A1 free, A2 sold, A3 free");
});

test("seats are asked for while there is no stream, and not while there is", async () => {
  const { result, states } = await follow();
  FakeEventSource.last.fail(FakeEventSource.CONNECTING);
  served = [{ ...a1, is_available: false, is_booked: true }, a2, a3];
  await act(() => vi.advanceTimersByTimeAsync(5_000));
  await waitFor(() => expect(states()).toBe("A1 sold, A2 free, A3 free"));

  FakeEventSource.last.tell("snapshot", snapshot([]));
  expect(result.current.live).toBe(true);
  const askedBefore = asked;
  await act(() => vi.advanceTimersByTimeAsync(60_000));
  expect(asked).toBe(askedBefore);
});

test("a refused stream is asked for again, and one that breaks is left to the browser", async () => {
  const { result } = await follow();
  FakeEventSource.last.fail(FakeEventSource.CONNECTING);
  await act(() => vi.advanceTimersByTimeAsync(60_000));
  expect(FakeEventSource.all).toHaveLength(1);

  FakeEventSource.last.fail(FakeEventSource.CLOSED);
  expect(result.current.live).toBe(false);
  await act(() => vi.advanceTimersByTimeAsync(1_000));
  expect(FakeEventSource.all).toHaveLength(2);
});

test("pauses between tries double up to half a minute, each spread over its second half", () => {
  expect([0, 1, 2, 3].map((refusals) => pauseAfter(refusals, 1))).toEqual([1_000, 2_000, 4_000, 8_000]);
  expect(pauseAfter(3, 0)).toBe(4_000);
  expect(pauseAfter(100, 1)).toBe(30_000);
});

test("the stream ends with the page", async () => {
  const { unmount } = await follow();
  unmount();
  expect(FakeEventSource.last.readyState).toBe(FakeEventSource.CLOSED);
});
