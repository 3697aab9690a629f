/** Reading requests and writing answers, bounded. */

import type { IncomingMessage, ServerResponse } from "node:http";

/** An answer `{code, message}` of the API. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const invalid = (message: string): ApiError => new ApiError(400, "INVALID_REQUEST_BODY", message);
export const notFound = (what: string): ApiError => new ApiError(404, "NOT_FOUND", `${what} not found`);

const MAX_BODY_BYTES = 256 * 1024;

/** The whole body; an ApiError 413 when it is longer than 256 KiB. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += part.length;
    if (bytes > MAX_BODY_BYTES) throw new ApiError(413, "PAYLOAD_TOO_LARGE", "The body is too long");
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

/** A JSON object; an empty body is an empty object. */
export function parseObject(body: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = body === "" ? {} : JSON.parse(body);
  } catch {
    throw invalid("The body is not JSON");
  }
  if (!isObject(value)) throw invalid("The body is not a JSON object");
  return value;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(value);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  response.end(body);
}
