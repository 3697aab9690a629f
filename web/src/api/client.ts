import createClient, { type Middleware } from "openapi-fetch";
import { serverClock } from "./clock";
import { ApiError, ConnectionLost, type Problem } from "./errors";
import type { paths } from "./schema";
import { accessToken, renewSession } from "./session";

/** Every request carries the access token, if there is a session; a token that has run out is renewed once. */
const authorize: Middleware = {
  async onRequest({ request }) {
    const token = await accessToken();
    if (token) request.headers.set("Authorization", `Bearer ${token}`);
    return request;
  },
  async onResponse({ request, response }) {
    if (response.status !== 401 || !request.headers.has("Authorization")) return response;
    const token = await renewSession(request.headers.get("Authorization")?.slice("Bearer ".length));
    if (!token) return response;
    const again = repeatable.get(request) ?? request;
    again.headers.set("Authorization", `Bearer ${token}`);
    return fetch(again);
  },
};

/** Copies of requests on their way: the body of a request can be read but once. */
const repeatable = new WeakMap<Request, Request>();

async function send(request: Request): Promise<Response> {
  repeatable.set(request, request.clone());
  try {
    const response = await fetch(request);
    serverClock.note(response);
    return response;
  } catch (reason) {
    if (request.signal.aborted) throw reason;
    throw new ConnectionLost();
  }
}

const client = createClient<paths>({ baseUrl: "/api/v1", credentials: "same-origin", fetch: send });
client.use(authorize);

/** The platform's API. Each call answers with its data; whatever else comes is thrown: ApiError or ConnectionLost. */
export const api = client;

/** The data of an answer; throws the problem it tells of as ApiError. */
export async function unwrap<Data>(
  answer: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<Data> {
  const { data, error, response } = await answer;
  if (!response.ok || error !== undefined) throw new ApiError(response, (error ?? {}) as Problem);
  return data as Data;
}
