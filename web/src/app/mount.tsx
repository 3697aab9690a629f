import "@mantine/core/styles.layer.css";
import "@mantine/notifications/styles.layer.css";
import "./app.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import type { Language, Messages } from "@/messages";
import { appRoot } from "@/shared/early-page";
import { App } from "./app";

/** Lets the app begin. It shows itself when its first page stands. */
export function mount(language: Language, messages: Messages) {
  createRoot(appRoot).render(
    <StrictMode>
      <App language={language} messages={messages} />
    </StrictMode>,
  );
}
