import { expect, test } from "vitest";
import type { Api } from "@/api/types";
import { saleOf } from "./sale";
import { seatAt } from "./testing";

const showing = { status: "ACTIVE", start_time: "2030-06-01T12:00:00Z" } as Api["schedule_view"];
const before = Date.parse("2030-06-01T11:59:59Z");
const begun = Date.parse("2030-06-01T12:00:00Z");
const free = seatAt("A", 1);
const sold = seatAt("A", 2, { is_available: false, is_booked: true });
const unsold = seatAt("A", 3, { is_available: false });

test("seats can be had until the showing begins", () => {
  expect(saleOf(showing, [free, sold], before)).toBe("open");
  expect(saleOf(showing, [free, sold], begun)).toBe("begun");
});

test("a showing that is cancelled is that before all", () => {
  expect(saleOf({ ...showing, status: "CANCELLED" }, [unsold], begun)).toBe("cancelled");
});

test("sold out is not closed", () => {
  expect(saleOf(showing, [sold], before)).toBe("soldOut");
  expect(saleOf(showing, [sold, unsold], before)).toBe("closed");
});

test("as long as the seats are not known, nothing is said against them", () => {
  expect(saleOf(showing, undefined, before)).toBe("open");
});
