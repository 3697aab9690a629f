/** Sums of money in minor units, because 0.1 + 0.2 is not 0.3. Amounts come and go in major units with two decimals, as the API has them. */
const minorUnits = 100;
const toMinor = (amount: number) => Math.round(amount * minorUnits);

export function plus(one: number, other: number): number {
  return (toMinor(one) + toMinor(other)) / minorUnits;
}

export function times(price: number, count: number): number {
  return (toMinor(price) * count) / minorUnits;
}

/** How much of `price` is missing in `balance`: 0 when there is enough. */
export function missing(price: number, balance: number): number {
  return Math.max(0, toMinor(price) - toMinor(balance)) / minorUnits;
}
