/** A new idempotency key: 128 random bits. (`crypto.randomUUID` is missing where a phone reads the page by plain HTTP.) */
export function newIdempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
