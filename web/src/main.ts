import { drawEarlyHome } from "./features/home/early-home";
import { load } from "./messages";
import { preferredLanguage } from "./shared/preferred-language";
import { wait } from "./shared/wait";

/** This entry runs before the page that it stands in is read; whatever draws into that page comes after. */
const pageRead =
  document.readyState === "loading" &&
  new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve, { once: true }));

/** The app begins at the latest then, though no shows have come. */
const mostEarlyMs = 500;

/** On the landing page its shows come first: running the app takes a phone a second in which nothing else is drawn. */
async function start() {
  const language = preferredLanguage();
  const messages = load[language]().then(async (loaded) => {
    await pageRead; // who has words draws
    return loaded.default;
  });
  const isHome = window.location.pathname === "/";
  if (isHome) {
    await Promise.race([drawEarlyHome(messages), wait(mostEarlyMs)]);
    import("./features/home/home-page");
  }
  if (import.meta.env.DEV) await pageRead; // Vite's own scripts come first
  const { mount } = await import("./app/mount");
  mount(language, await messages);
}

start();
