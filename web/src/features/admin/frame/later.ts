import { api, unwrap } from "@/api/client";

type Init = { params?: { path?: object; query?: object }; body?: object; parseAs?: "blob" };
type Send = (
  path: string,
  init: Init,
) => Promise<{
  data?: unknown;
  error?: unknown;
  response: Response;
}>;

/** Asks an endpoint that the API's document does not have yet. */
export const later = <Data>(verb: "GET" | "POST" | "DELETE", path: string, init: Init = {}): Promise<Data> =>
  unwrap((api[verb] as unknown as Send)(path, init)) as Promise<Data>;
