/** The hosted checkout page as HTML: one file, without scripts, that loads nothing. Pure. */

import { createHash } from "node:crypto";
import { CARDS, type CardForm, grouped, type Problems } from "./cards.ts";
import type { Session } from "./records.ts";

const STYLE = `
:root { color-scheme: light dark; font: 1.0625rem/1.5 system-ui, sans-serif }
body { margin: 0 auto; max-width: 28rem; padding: 1rem }
.sandbox { border: 2px dashed; border-radius: .5rem; padding: .5rem 1rem }
h1 { font-size: 1.25rem; margin-bottom: 0 }
.amount { font-size: 2rem; font-weight: 600; margin: 0 }
label { display: block; font-weight: 600; margin-top: 1rem }
input { box-sizing: border-box; font: inherit; min-height: 2.75rem; padding: .5rem; width: 100% }
input[aria-invalid] { outline: 2px solid #c22 }
.problem, [role=alert] { color: #b11; font-weight: 600; margin: .25rem 0 0 }
.row { display: grid; gap: 0 1rem; grid-template-columns: 1fr 1fr }
button, .button { background: #1a4fd0; border: 0; border-radius: .5rem; color: #fff; display: block; font: inherit; font-weight: 600;
  margin-top: 1.5rem; min-height: 2.75rem; padding: .5rem 1rem; text-align: center; text-decoration: none; width: 100%;
  box-sizing: border-box }
.leave { display: inline-block; margin-top: 1rem; padding: .5rem 0 }
code { white-space: nowrap }
@media (prefers-color-scheme: dark) { .problem, [role=alert] { color: #f88 } }
`;

const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

/** The headers of a page. A browser follows a form's redirect only to where `form-action` allows it. */
export function pageHeaders(session: Session | null): Record<string, string> {
  const onwards = session?.return_url ? ` ${new URL(session.return_url).origin}` : "";
  return {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "content-security-policy":
      `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'${onwards}; ` +
      "base-uri 'none'; frame-ancestors 'none'",
  };
}

export interface Shown {
  merchant: string;
  description: string;
  session: Session;
}

/** An amount in minor units as people read it, e.g. ₹1,234.50. */
export function amountText(amount: number, currency: string): string {
  const format = new Intl.NumberFormat("en-IN", { style: "currency", currency });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** The card form, with what was typed before and what was wrong with it. */
export function formPage(shown: Shown, form: CardForm, problems: Problems, message: string | null): string {
  const { session } = shown;
  const field = (name: keyof CardForm, label: string, attributes: string): string => {
    const problem = problems[name];
    const state = problem ? ` aria-invalid="true" aria-describedby="${name}-problem"` : "";
    return `<div><label for="${name}">${label}</label>
<input id="${name}" name="${name}" value="${escaped(form[name])}" required ${attributes}${state}>
${problem ? `<p class="problem" id="${name}-problem">${escaped(problem)}</p>` : ""}</div>`;
  };
  return page(
    `Pay ${shown.merchant}`,
    `${summary(shown)}
${message ? `<p role="alert">${escaped(message)}</p>` : ""}
<form method="post" novalidate>
${field("number", "Card number", 'inputmode="numeric" autocomplete="cc-number" maxlength="30"')}
<div class="row">
${field("expiry", "Expiry (MM/YY)", 'autocomplete="cc-exp" placeholder="12/34" maxlength="9"')}
${field("cvc", "CVC", 'inputmode="numeric" autocomplete="cc-csc" maxlength="4"')}
</div>
${field("name", "Name on the card", 'autocomplete="cc-name" maxlength="100"')}
<button>Pay ${escaped(amountText(session.amount, session.currency))}</button>
</form>
${session.cancel_url ? `<a class="leave" href="${escaped(session.cancel_url)}">Leave without paying</a>` : ""}
<h2>Test cards</h2>
<ul>${CARDS.map(({ number, says }) => `<li><code>${grouped(number)}</code> ${escaped(says)}</li>`).join("\n")}</ul>
<p>Any expiry in the future, any CVC, any name.</p>`,
  );
}

/** A page that says how things are, with a link back to the merchant when there is one. */
export function statePage(shown: Shown, message: string, onwards: string | null): string {
  return page(
    `Pay ${shown.merchant}`,
    `${summary(shown)}
<p role="status"><strong>${escaped(message)}</strong></p>
${onwards ? `<a class="button" href="${escaped(onwards)}">Back to ${escaped(shown.merchant)}</a>` : ""}`,
  );
}

/** A page without a session. */
export function plainPage(title: string, text: string): string {
  return page(title, `<h1>${escaped(title)}</h1>\n<p>${escaped(text)}</p>`);
}

function summary({ merchant, description, session }: Shown): string {
  return `<h1>${escaped(merchant)}</h1>
<p>${escaped(description)}${session.customer ? `, for ${escaped(session.customer.email)}` : ""}</p>
<p class="amount">${escaped(amountText(session.amount, session.currency))}</p>`;
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} (sandbox)</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<p class="sandbox"><strong>This is a sandbox.</strong> No money moves. Do not type a real card.</p>
${content}
</main>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
