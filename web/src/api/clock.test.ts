import { expect, test } from "vitest";
import { ServerClock } from "./clock";

const second = 1000;
const noon = Date.parse("2030-06-01T12:00:00Z");

function answerOf(time: number): Response {
  return new Response(null, { headers: { Date: new Date(time).toUTCString() } });
}

test("the time is the server's, whatever the device's clock shows", () => {
  let elapsed = 5 * second;
  const clock = new ServerClock(() => elapsed);
  clock.note(answerOf(noon));
  elapsed += 90 * second;
  expect(clock.now()).toBe(noon + 90 * second);
});

test("an answer that lay in a cache does not set it back", () => {
  const clock = new ServerClock(() => 0);
  clock.note(answerOf(noon));
  clock.note(answerOf(noon - 3600 * second));
  expect(clock.now()).toBe(noon);
});

test("what passed while the device slept is made good by the next answer", () => {
  const clock = new ServerClock(() => 0);
  clock.note(answerOf(noon));
  clock.note(answerOf(noon + 600 * second));
  expect(clock.now()).toBe(noon + 600 * second);
});

test("an answer without a date says nothing", () => {
  const clock = new ServerClock(() => 0);
  clock.note(answerOf(noon));
  clock.note(new Response(null));
  expect(clock.now()).toBe(noon);
});

test("a page that is loaded without a network goes by what an earlier one was told", () => {
  let ahead = 0;
  const memory = { keep: (aheadMs: number) => (ahead = aheadMs), kept: () => ahead };
  const wrongBy = 7 * 3600 * second;
  new ServerClock(() => 0, memory).note(answerOf(Date.now() + wrongBy));
  expect(Math.abs(new ServerClock(() => 0, memory).now() - (Date.now() + wrongBy))).toBeLessThan(2 * second);
});
