/** The test cards and what a card form has to hold. Pure: knows no clock. */

export type Outcome = "succeeds" | "declines" | "processes";

export const CARDS: readonly { number: string; outcome: Outcome; says: string }[] = [
  { number: "4242424242424242", outcome: "succeeds", says: "succeeds" },
  { number: "4000000000000002", outcome: "declines", says: "is declined" },
  { number: "4000000000003220", outcome: "processes", says: "stays in process until it is settled by a switch" },
];

/** What a person types, as it was typed. */
export interface CardForm {
  number: string;
  expiry: string;
  cvc: string;
  name: string;
}

export type Problems = Partial<Record<keyof CardForm, string>>;

/** A number in groups of four, as it is printed on cards. */
export const grouped = (number: string): string => number.replace(/(.{4})(?=.)/g, "$1 ");

/** The outcome of the card, or what is wrong with the form, by field. */
export function readCard(form: CardForm, now: Date): { outcome: Outcome; number: string } | { problems: Problems } {
  const number = form.number.replace(/[\s-]/g, "");
  const card = CARDS.find((each) => each.number === number);
  const problems: Problems = {};
  if (!card) problems.number = "This is none of the sandbox's cards; they are listed below.";
  const expiry = /^\s*(0[1-9]|1[0-2])\s*\/\s*(\d{2})\s*$/.exec(form.expiry);
  if (!expiry) problems.expiry = "Month and year, for example 12/34.";
  else if (new Date(Date.UTC(2000 + Number(expiry[2]), Number(expiry[1]))) <= now)
    problems.expiry = "This card has expired.";
  if (!/^\d{3,4}$/.test(form.cvc.trim())) problems.cvc = "Three or four digits.";
  if (form.name.trim() === "" || form.name.length > 100) problems.name = "The name on the card.";
  return card && Object.keys(problems).length === 0 ? { outcome: card.outcome, number } : { problems };
}
