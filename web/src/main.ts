import { drawEarlyHome } from "./features/home/early-home";
import { load } from "./messages";
import { preferredLanguage } from "./shared/preferred-language";

/** The app begins at the latest then, though no shows have come. */
const mostEarlyMs = 500;

/** On the landing page its shows come first: running the app takes a phone a second in which nothing else is drawn. */
async function start() {
  const language = preferredLanguage();
  const messages = load[language]().then((loaded) => loaded.default);
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
