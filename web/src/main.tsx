import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./app/app.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/app";
import { load } from "./messages";
import { preferredLanguage } from "./shared/language";

async function start() {
  const language = preferredLanguage();
  const { default: messages } = await load[language]();
  const root = document.getElementById("root");
  if (!root) throw new Error("The page has no place for the app.");
  createRoot(root).render(
    <StrictMode>
      <App language={language} messages={messages} />
    </StrictMode>,
  );
}

start();
