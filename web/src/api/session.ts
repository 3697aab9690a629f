/**
 * The session of this browser. The refresh token lies in a cookie that no script can read and works once; the access token is kept in
 * memory alone. All tabs take turns to renew, because two at once would look like a stolen token and end the session.
 */
import type { components } from "./schema";

export type Session = components["schemas"]["session_view"];

/** Tells all tabs whether somebody is signed in, and a new tab whether it is worth asking for a token. */
const signedInKey = "ticketshow.signed-in";
const renewEarlySeconds = 30;

let token: string | undefined;
let expiresAt = 0;
let renewing: Promise<string | undefined> | undefined;
const listeners = new Set<() => void>();

export function isSignedIn(): boolean {
  return localStorage.getItem(signedInKey) !== null;
}

/** Calls `listener` whenever somebody signs in or out, in any tab. Answers with how to stop that. */
export function onSessionChange(listener: () => void): () => void {
  const fromOtherTab = (event: StorageEvent) => {
    if (event.key !== signedInKey && event.key !== null) return;
    token = undefined;
    listener();
  };
  listeners.add(listener);
  window.addEventListener("storage", fromOtherTab);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", fromOtherTab);
  };
}

export function beginSession(session: Session): void {
  keep(session);
  localStorage.setItem(signedInKey, String(Date.now()));
  for (const listener of listeners) listener();
}

export function forgetSession(): void {
  token = undefined;
  localStorage.removeItem(signedInKey);
  for (const listener of listeners) listener();
}

/** A token that works for a while still; nothing when nobody is signed in. */
export async function accessToken(): Promise<string | undefined> {
  if (!isSignedIn()) return undefined;
  if (token && Date.now() < expiresAt - renewEarlySeconds * 1000) return token;
  return renewSession(token);
}

/** A newer token than `stale`; nothing when the session has ended. */
export function renewSession(stale: string | undefined): Promise<string | undefined> {
  if (token && token !== stale) return Promise.resolve(token);
  renewing ??= inTurn(renew).finally(() => {
    renewing = undefined;
  });
  return renewing;
}

/** Browsers without the Web Locks API hand out turns in this tab alone. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks ? (navigator.locks.request("ticketshow.session", work) as Promise<T>) : work();
}

async function renew(): Promise<string | undefined> {
  if (!isSignedIn()) return undefined;
  let response: Response;
  try {
    response = await fetch("/api/v1/auth/refresh", { method: "POST", credentials: "same-origin" });
  } catch {
    return token; // offline: what was asked for will say so
  }
  if (response.status === 401) {
    forgetSession();
    return undefined;
  }
  if (!response.ok) return token;
  const session: Session = await response.json();
  keep(session);
  return token;
}

function keep(session: Session): void {
  token = session.access_token;
  expiresAt = Date.now() + session.expires_in * 1000;
}
