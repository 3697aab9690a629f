import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "@/api/errors";
import { place, showingsKey } from "./showings-api";
import type { Wish } from "./wishes";

export interface Outcome {
  wish: Wish;
  /** Why it was refused; nothing when it was placed. */
  error?: unknown;
}

const attempts = 4;

/** Places one wish; waits and asks again where the server says that it was too fast. */
async function placePatiently(wish: Wish, zone: string): Promise<Outcome> {
  for (let attempt = 1; ; attempt++) {
    try {
      await place(wish, zone);
      return { wish };
    } catch (error) {
      const pause = error instanceof ApiError && error.status === 429 ? error.retryAfter : undefined;
      if (!pause || attempt === attempts) return { wish, error };
      await new Promise((resume) => setTimeout(resume, pause * 1000));
    }
  }
}

/** Places many wishes, one after another, and tells what became of each: one that is refused keeps nobody from the next. */
export function useBatch(zone: string) {
  const queryClient = useQueryClient();
  const [outcomes, setOutcomes] = useState<Outcome[]>([]);
  const [wished, setWished] = useState(0);
  const run = async (wishes: Wish[]) => {
    setWished(wishes.length);
    setOutcomes([]);
    for (const wish of wishes) {
      const outcome = await placePatiently(wish, zone);
      setOutcomes((before) => [...before, outcome]);
    }
    await queryClient.invalidateQueries({ queryKey: showingsKey });
  };
  return {
    run,
    outcomes,
    wished,
    isRunning: wished > outcomes.length,
    isDone: wished > 0 && outcomes.length === wished,
  };
}
