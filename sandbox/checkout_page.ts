/** The hosted checkout page over HTTP: shows a session, takes the card form, and sends the payer back to the merchant. */

import type { IncomingMessage, ServerResponse } from "node:http";
import { type CardForm, readCard } from "./cards.ts";
import { readBody } from "./http.ts";
import { formPage, pageHeaders, plainPage, type Shown, statePage } from "./page.ts";
import type { Closed } from "./payments.ts";
import type { Payment, Session } from "./records.ts";
import type { Sandbox } from "./sandbox.ts";

const EMPTY: CardForm = { number: "", expiry: "", cvc: "", name: "" };

const CLOSED: Record<Exclude<Closed, null>, { status: number; says: string }> = {
  paid: { status: 409, says: "This has been paid already. You are not charged again." },
  processing: { status: 409, says: "This payment is being processed. You do not have to pay again." },
  expired: { status: 410, says: "This checkout has expired. Start again at the merchant's." },
};

/** Answers /session/{id}: GET shows the form, POST charges the card. */
export async function servePage(
  sandbox: Sandbox,
  request: IncomingMessage,
  response: ServerResponse,
  id: string,
): Promise<void> {
  const body = await readBody(request);
  const session = sandbox.books.sessions.get(id);
  const answer = (status: number, html: string, more: Record<string, string> = {}) =>
    void response.writeHead(status, { ...pageHeaders(session ?? null), ...more }).end(html);
  if (!session) return answer(404, plainPage("Unknown checkout", "There is no such checkout session."));
  const shown: Shown = { merchant: sandbox.options.merchant, description: describe(sandbox, session), session };

  const closed = sandbox.payments.closed(session, new Date());
  if (closed) {
    const opened = request.method === "GET" && closed !== "expired";
    return answer(
      opened ? 200 : CLOSED[closed].status,
      statePage(shown, CLOSED[closed].says, onwards(sandbox, session)),
    );
  }
  if (request.method !== "POST") return answer(200, formPage(shown, EMPTY, {}, null));

  const form = readForm(body);
  const card = readCard(form, new Date());
  if ("problems" in card) return answer(422, formPage(shown, form, card.problems, "Please correct what is marked."));
  const payment = sandbox.payments.pay(session, { ...card, name: form.name });
  if (payment.status === "failed") {
    return answer(402, formPage(shown, { ...form, number: "" }, {}, `${payment.error_message} Try another card.`));
  }
  const location = returnAddress(session, payment);
  if (location) return answer(303, "", { location });
  const says = payment.status === "succeeded" ? "Thank you, this is paid." : CLOSED.processing.says;
  answer(200, statePage(shown, says, null));
}

/** Where Dodo sends the payer: the merchant's address with the payment and its status, which the merchant must not trust. */
export function returnAddress(session: Session, payment: Payment): string | null {
  if (session.return_url === null) return null;
  const address = new URL(session.return_url);
  address.searchParams.set("payment_id", payment.payment_id);
  address.searchParams.set("status", payment.status);
  return address.href;
}

function onwards(sandbox: Sandbox, session: Session): string | null {
  const payment = sandbox.books.payments.get(session.payment_ids.at(-1) ?? "");
  return payment ? returnAddress(session, payment) : session.cancel_url;
}

function describe(sandbox: Sandbox, session: Session): string {
  return session.product_cart
    .map(({ product_id, quantity }) => {
      const name = sandbox.products.get(product_id)?.name ?? product_id;
      return quantity > 1 ? `${quantity} × ${name}` : name;
    })
    .join(", ");
}

function readForm(body: string): CardForm {
  const fields = new URLSearchParams(body);
  const field = (name: keyof CardForm) => fields.get(name) ?? "";
  return { number: field("number"), expiry: field("expiry"), cvc: field("cvc"), name: field("name") };
}
