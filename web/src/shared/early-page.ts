import { useLayoutEffect } from "react";

/** Where the app draws. It takes the place of the early page, index.html's, when its own first page stands. */
export const appRoot = document.createElement("div");
appRoot.id = "root";

/** Puts the app in the place of the early page as soon as `when` holds; nothing after that. */
export function useLeaveEarlyPage(when = true): void {
  useLayoutEffect(() => {
    if (when) document.getElementById("early")?.replaceWith(appRoot);
  }, [when]);
}
