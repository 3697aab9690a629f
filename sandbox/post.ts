/** One HTTP POST with a deadline; follows no redirects and keeps no connection. */

import http from "node:http";
import https from "node:https";

/** The status of the answer. Throws when there is none within `timeoutMs` or before `signal` aborts. */
export function post(
  url: string,
  headers: Record<string, string>,
  body: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<number> {
  const send = url.startsWith("https:") ? https.request : http.request;
  return new Promise((resolve, reject) => {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const request = send(
      url,
      {
        method: "POST",
        agent: false,
        signal: deadline,
        headers: { ...headers, "content-type": "application/json", "content-length": Buffer.byteLength(body) },
      },
      (response) => {
        response.on("error", reject);
        response.on("end", () => resolve(response.statusCode ?? 0));
        response.resume();
      },
    );
    request.on("error", (error) =>
      reject(deadline.aborted && !signal.aborted ? new Error(`no answer in ${timeoutMs} ms`) : error),
    );
    request.end(body);
  });
}
