import { useEffect, useState } from "react";

/** Keeps the screen on while the component is shown. Answers whether the browser does so. */
export function useWakeLock(): boolean {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    let lock: WakeLockSentinel | undefined;
    let over = false;
    const take = async () => {
      if (document.visibilityState !== "visible" || !navigator.wakeLock) return;
      try {
        const taken = await navigator.wakeLock.request("screen");
        if (over) return void taken.release();
        lock = taken;
        setHeld(true);
      } catch {
        setHeld(false); // battery saver: the screen goes dark as always
      }
    };
    take();
    // The browser takes the lock away from a page that is not seen.
    document.addEventListener("visibilitychange", take);
    return () => {
      over = true;
      document.removeEventListener("visibilitychange", take);
      lock?.release();
    };
  }, []);
  return held;
}
