import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { RouterProvider } from "react-router/dom";
import { SignInProvider } from "@/features/session/sign-in-provider";
import type { Language, Messages } from "@/messages";
import { LanguageProvider } from "@/shared/language";
import { useHasNotes } from "@/shared/notify";
import { newQueryClient } from "./query-client";
import { newRouter } from "./router";
import { theme } from "./theme";

const Notifications = lazy(() =>
  import("@mantine/notifications").then((loaded) => ({ default: loaded.Notifications })),
);

export function App({ language, messages }: { language: Language; messages: Messages }) {
  const [queryClient] = useState(newQueryClient);
  const [router] = useState(newRouter);
  const hasNotes = useHasNotes();
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <LanguageProvider first={language} messages={messages}>
        <QueryClientProvider client={queryClient}>
          <SignInProvider>
            <RouterProvider router={router} />
            {hasNotes && (
              <Suspense>
                <Notifications position="top-center" />
              </Suspense>
            )}
          </SignInProvider>
        </QueryClientProvider>
      </LanguageProvider>
    </MantineProvider>
  );
}
