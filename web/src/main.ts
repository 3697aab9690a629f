import { drawEarlyHome } from "./features/home/early-home";
import { load } from "./messages";
import { preferredLanguage } from "./shared/preferred-language";

/** This entry does not wait until the page that it stands in is read; whatever draws into that page does. */
const pageRead =
  document.readyState === "loading" &&
  new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve, { once: true }));

/** The app begins at the latest then, though no shows have come. */
const mostEarlyMs = 500;

/** On the landing page its shows come first: running the app takes a phone a second in which nothing else is drawn. */
async function start() {
  const language = preferredLanguage();
  const messages = Promise.all([load[language](), pageRead]).then(([loaded]) => loaded.default);
  const isHome = window.location.pathname === "/";
  if (isHome) {
    const waited = new Promise((resolve) => setTimeout(resolve, mostEarlyMs));
    await Promise.race([drawEarlyHome(messages), waited]);
    import("./features/home/home-page");
  }
  const { mount } = await import("./app/mount");
  mount(language, await messages);
}

start();
