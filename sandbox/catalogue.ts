/** The products that the sandbox sells. */

import type DodoPayments from "dodopayments";
import type { Currency } from "./records.ts";

export const PAY_WHAT_YOU_WANT = "pdt_PayWhatYouWant0Sandbox";
export const FIXED_PRICE = "pdt_FixedPrice0InTheSandbox";
export const BUSINESS_ID = "bus_TicketShow0Sandbox";

/** What a payer has to pay at least, and what the product of a fixed price costs, in minor units. */
export const MINIMUM_AMOUNT = 100;
export const FIXED_AMOUNT = 50_000;

/** By identifier: one of which the cart says the amount, as a booking needs it, and one whose amount is its own. */
export function catalogue(currency: Currency): Map<string, DodoPayments.Product> {
  const product = (id: string, name: string, price: number, payWhatYouWant: boolean): DodoPayments.Product => ({
    product_id: id,
    business_id: BUSINESS_ID,
    brand_id: BUSINESS_ID,
    name,
    description: "Seats at the cinema",
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
    is_recurring: false,
    license_key_enabled: false,
    tax_category: "digital_products",
    metadata: {},
    entitlements: [],
    credit_entitlements: [],
    price: {
      type: "one_time_price",
      currency,
      price,
      discount: 0,
      purchasing_power_parity: false,
      pay_what_you_want: payWhatYouWant,
      suggested_price: null,
      tax_inclusive: true,
    },
  });
  return new Map([
    [PAY_WHAT_YOU_WANT, product(PAY_WHAT_YOU_WANT, "Movie tickets", MINIMUM_AMOUNT, true)],
    [FIXED_PRICE, product(FIXED_PRICE, "A ticket at a fixed price", FIXED_AMOUNT, false)],
  ]);
}
