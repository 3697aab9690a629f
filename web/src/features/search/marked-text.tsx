import { Mark } from "@mantine/core";

export interface Piece {
  text: string;
  isMarked: boolean;
}

/** The pieces of a highlight of the API: escaped text in which only <mark> stands around what was searched for. */
export function piecesOf(highlight: string): Piece[] {
  const { body } = new DOMParser().parseFromString(highlight, "text/html");
  return [...body.childNodes]
    .map((node) => ({ text: node.textContent ?? "", isMarked: node.nodeName === "MARK" }))
    .filter(({ text }) => text !== "");
}

export function MarkedText({ highlight }: { highlight: string }) {
  return piecesOf(highlight).map(({ text, isMarked }, index) =>
    isMarked ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces have nothing else of their own, and none of them moves
      <Mark key={index}>{text}</Mark>
    ) : (
      text
    ),
  );
}
