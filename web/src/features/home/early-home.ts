import type { Messages } from "@/messages";
import { dayOf } from "@/shared/format/days";
import { posterClasses, posterHaste, posterSources } from "@/shared/poster-parts";
import { rememberedCity } from "@/shared/remembered-city";
import { wait } from "@/shared/wait";
import early from "./early-home.module.css";
import classes from "./home.module.css";
import { askEarly, type PlayingShow } from "./playing";
import { posterSizes, sectionsOf } from "./sections";

/** The rest is drawn at the latest then, though the first posters have not come. */
const mostForPostersMs = 400;

/**
 * Draws what plays into the early page, as the landing page will stand there: a phone needs seconds to load and run the app, and
 * what somebody came for needs none of it. What is seen first comes first, the rest when that stands. Ends when the first posters can
 * be seen; draws nothing when the shows do not come: the app says why.
 */
export async function drawEarlyHome(messages: Promise<Messages>): Promise<void> {
  try {
    const [shows, { home }] = await Promise.all([askEarly(rememberedCity()), messages]);
    const sections = sectionsOf(shows, dayOf(new Date())).map(({ name, cards }) => {
      const first = cards.filter(({ isFirst }) => isFirst);
      const grid = element("div", { className: classes.grid }, first.map(card));
      const heading = element("h2", { textContent: home[name] });
      const section = element("section", { className: classes.section, ariaLabel: home[name] }, [heading, grid]);
      return { section, addRest: () => grid.append(...cards.slice(first.length).map(card)) };
    });
    const [top, ...below] = sections;
    if (!top) return;
    const page = element("main", { className: early.page }, [
      element("div", { className: classes.hero }, [
        element("h1", { className: classes.heading, textContent: home.title }),
        element("p", { textContent: home.lead }),
        element("div", { className: classes.finders, ariaHidden: "true" }, [
          element("div", { className: `${classes.search} ${early.field}` }),
          element("div", { className: `${classes.city} ${early.field}` }),
        ]),
      ]),
      top.section,
    ]);
    document.getElementById("early")?.append(page);
    const seen = Promise.allSettled([...page.querySelectorAll("img")].map((image) => image.decode()));
    await Promise.race([seen, wait(mostForPostersMs)]);
    for (const { addRest } of sections) addRest();
    page.append(...below.map(({ section }) => section));
  } catch {
    // The app asks again.
  }
}

function card({ show, isFirst }: { show: PlayingShow; isFirst: boolean }): HTMLElement {
  return element("article", { className: classes.card }, [
    poster(show, isFirst),
    element("div", {}, [
      element("a", { className: classes.link, href: `/shows/${show.id}`, textContent: show.title }),
      element("div", { className: early.facts }),
    ]),
  ]);
}

/** As shared/components/poster draws it. */
function poster({ title, poster }: PlayingShow, isFirst: boolean): HTMLElement {
  if (!poster) {
    const letter = element("span", { className: posterClasses.letter, textContent: title.trim().slice(0, 1) });
    return element("div", { className: posterClasses.frame, ariaHidden: "true" }, [letter]);
  }
  const image = element("img", {
    className: posterClasses.image,
    alt: "",
    ...posterHaste(isFirst),
    width: poster.width,
    height: poster.height,
    sizes: posterSizes,
    srcset: posterSources(poster.jpeg),
  });
  const webp = element("source", { type: "image/webp", sizes: posterSizes, srcset: posterSources(poster.webp) });
  return element("div", { className: posterClasses.frame }, [element("picture", {}, [webp, image])]);
}

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Partial<HTMLElementTagNameMap[Name]>,
  children: HTMLElement[] = [],
): HTMLElementTagNameMap[Name] {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
