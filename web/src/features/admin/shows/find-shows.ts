import type { Show } from "./shows-api";

const plain = (text: string) =>
  text
    .normalize("NFD")
    .replace(/\p{Diacritic}/gu, "")
    .toLowerCase();

/** Shows whose title, language or rating has every word of `wanted`, without regard to case and accents. */
export function findShows(shows: Show[], wanted: string, withCancelled: boolean): Show[] {
  const words = plain(wanted).split(/\s+/).filter(Boolean);
  return shows.filter((show) => {
    if (!withCancelled && show.status === "CANCELLED") return false;
    const said = plain([show.title, show.language, show.rating].filter(Boolean).join(" "));
    return words.every((word) => said.includes(word));
  });
}
