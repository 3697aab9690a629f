import { useMutation } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { type Door, scan, type Verdict } from "./scan";
import { SeenCodes } from "./seen-codes";
import { signal } from "./signals";

/** A verdict is looked at for so long; then the door is ready for the next, lest somebody else is taken for them. */
const shownMs = 12_000;

/** Scans one code after another and signals each verdict; `onScanned` follows it. */
export function useScanner({ scheduleId, venueId }: Door, onScanned: () => void) {
  const seen = useRef(new SeenCodes());
  const busy = useRef(false);
  const [shown, setShown] = useState<{ verdict: Verdict | undefined; number: number }>({
    verdict: undefined,
    number: 0,
  });
  const { mutate, isPending, error } = useMutation({
    mutationFn: (code: string) => scan(code, { scheduleId, venueId }),
    networkMode: "always",
    onSuccess: (verdict) => {
      setShown(({ number }) => ({ verdict, number: number + 1 }));
      signal(verdict.outcome === "ADMITTED");
      onScanned();
    },
    onError: () => signal(false),
    onSettled: () => {
      busy.current = false;
    },
  });
  const onTyped = useCallback(
    (code: string) => {
      if (busy.current) return;
      busy.current = true;
      mutate(code);
    },
    [mutate],
  );
  const onSeen = useCallback(
    (code: string) => {
      if (!busy.current && seen.current.isNew(code, performance.now())) onTyped(code);
    },
    [onTyped],
  );
  useEffect(() => {
    if (!shown.verdict) return;
    const fading = setTimeout(() => setShown(({ number }) => ({ verdict: undefined, number })), shownMs);
    return () => clearTimeout(fading);
  }, [shown]);
  return { ...shown, error, isBusy: isPending, onTyped, onSeen };
}
