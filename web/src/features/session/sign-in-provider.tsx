import { useQueryClient } from "@tanstack/react-query";
import { createContext, lazy, type ReactNode, Suspense, use, useCallback, useEffect, useRef, useState } from "react";
import { isSignedIn, onSessionChange } from "@/api/session";
import { ownKey } from "./session";

const SignInDialog = lazy(() => import("./sign-in-dialog"));

type AskToSignIn = (reason?: string) => Promise<boolean>;
const SignInContext = createContext<AskToSignIn | undefined>(undefined);

/** Asks for a sign-in on top of the page, which stays as it is. Answers whether somebody is signed in then. */
export function useAskToSignIn(): AskToSignIn {
  const ask = use(SignInContext);
  if (!ask) throw new Error("There is no SignInProvider here.");
  return ask;
}

export function SignInProvider({ children }: { children: ReactNode }) {
  const queryClient = useQueryClient();
  const [asking, setAsking] = useState<{ reason?: string }>();
  const answer = useRef<(signedIn: boolean) => void>(undefined);

  // What one person saw is not for the next.
  useEffect(() => onSessionChange(() => queryClient.removeQueries({ queryKey: [ownKey] })), [queryClient]);

  const ask = useCallback<AskToSignIn>((reason) => {
    if (isSignedIn()) return Promise.resolve(true);
    answer.current?.(false);
    setAsking({ reason });
    return new Promise((resolve) => {
      answer.current = resolve;
    });
  }, []);
  const close = () => {
    setAsking(undefined);
    answer.current?.(isSignedIn());
    answer.current = undefined;
  };
  return (
    <SignInContext value={ask}>
      {children}
      {asking && (
        <Suspense>
          <SignInDialog reason={asking.reason} onClose={close} />
        </Suspense>
      )}
    </SignInContext>
  );
}
