import { act, renderHook } from "@testing-library/react";
import { expect, test } from "vitest";
import { nameOf, type Seat } from "./hall";
import { mostSeats } from "./pick";
import { seatAt } from "./testing";
import { usePick } from "./use-pick";

const free = [seatAt("A", 1), seatAt("A", 2)];
const [a1, a2] = free as [Seat, Seat];
const taken = [a1, { ...a2, is_available: false, is_locked: true }];

function start(props: { seats: Seat[]; isAsking: boolean }) {
  return renderHook(({ seats, isAsking }) => usePick(seats, isAsking), { initialProps: props });
}

test("a picked seat that somebody takes leaves the pick and is named, until the next choice", () => {
  const { result, rerender } = start({ seats: free, isAsking: false });
  act(() => result.current.choose([a1.id, a2.id]));
  rerender({ seats: taken, isAsking: false });
  expect(result.current.pick).toEqual([a1.id]);
  expect(result.current.gone.map(nameOf)).toEqual(["A2"]);
  act(() => result.current.toggle(a1.id));
  expect(result.current.gone).toEqual([]);
});

test("while one's own wish is on its way, a seat that is taken may be one's own and stays picked", () => {
  const { result, rerender } = start({ seats: free, isAsking: false });
  act(() => result.current.choose([a1.id, a2.id]));
  rerender({ seats: taken, isAsking: true });
  expect(result.current.pick).toEqual([a1.id, a2.id]);
  rerender({ seats: taken, isAsking: false });
  expect(result.current.pick).toEqual([a1.id]);
});

test("a pick that is full says so, until a seat is let go", () => {
  const seats = Array.from({ length: mostSeats + 1 }, (_, index) => seatAt("A", index + 1));
  const { result } = start({ seats, isAsking: false });
  for (const seat of seats) act(() => result.current.toggle(seat.id));
  expect(result.current.pick).toHaveLength(mostSeats);
  expect(result.current.isFull).toBe(true);
  act(() => result.current.toggle(seats[0]?.id ?? 0));
  expect(result.current.isFull).toBe(false);
});
