import { type RefObject, useEffect, useRef, useState } from "react";
import { snap } from "./layout";
import type { Place } from "./week";

const pickStep = 15;
const moveStep = 5;
const dragThreshold = 6; // pixels before a press is a drag

interface Drag {
  id: number;
  to: Place;
}
interface Grid {
  /** Minutes after midnight at the top of the columns. */
  top: number;
  pixelsPerMinute: number;
  onPick: (place: Place) => void;
  onMove: (id: number, to: Place) => void;
}

/**
 * Watches the pointer over columns (`data-day`) and the showings in them (`data-showing`): where a showing would be placed, a click on
 * what is free, and a showing that is dragged. Fingers scroll and tap, they do not drag. All of it can be done by the forms too, so
 * it is nothing that a keyboard needs.
 */
export function useGridPointer(root: RefObject<HTMLElement | null>, grid: Grid) {
  const [hover, setHover] = useState<Place>();
  const [drag, setDrag] = useState<Drag>();
  const latest = useRef(grid);
  useEffect(() => {
    latest.current = grid;
  });

  useEffect(() => {
    const element = root.current;
    if (!element) return;
    let pressed: { id: number; x: number; y: number; grabbed: number } | undefined;
    let dragged: Drag | undefined;

    const columnAt = (event: PointerEvent | MouseEvent) =>
      document.elementsFromPoint(event.clientX, event.clientY).find((one) => one.matches("[data-day]")) as
        | HTMLElement
        | undefined;
    const placeIn = (column: HTMLElement, y: number, step: number): Place => {
      const minutes = latest.current.top + (y - column.getBoundingClientRect().top) / latest.current.pixelsPerMinute;
      return { day: column.dataset.day ?? "", minutes: snap(minutes, step) };
    };
    const showingAt = (event: Event) => (event.target as HTMLElement).closest<HTMLElement>("[data-showing]");
    const isFree = (event: Event) =>
      !showingAt(event) && !(event.target as HTMLElement).closest("[data-note]") && columnAt(event as MouseEvent);

    const press = (event: PointerEvent) => {
      const showing = showingAt(event);
      if (!showing || event.pointerType === "touch" || event.button !== 0 || !showing.dataset.movable) return;
      const grabbed = event.clientY - showing.getBoundingClientRect().top;
      pressed = { id: Number(showing.dataset.showing), x: event.clientX, y: event.clientY, grabbed };
    };
    const move = (event: PointerEvent) => {
      const column = columnAt(event);
      if (pressed && !dragged && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) < dragThreshold)
        return;
      if (pressed && column) {
        event.preventDefault();
        dragged = { id: pressed.id, to: placeIn(column, event.clientY - pressed.grabbed, moveStep) };
        setDrag(dragged);
      } else if (!pressed) {
        const isOnTop = element.contains(event.target as Node) && event.pointerType !== "touch" && isFree(event);
        setHover(isOnTop && column ? placeIn(column, event.clientY, pickStep) : undefined);
      }
    };
    const release = () => {
      if (dragged) {
        latest.current.onMove(dragged.id, dragged.to);
        // The click that follows a drag is no wish to open what was dragged; it comes before any timer.
        element.addEventListener("click", swallow, { capture: true });
        setTimeout(() => element.removeEventListener("click", swallow, { capture: true }));
      }
      giveUp();
    };
    const swallow = (event: Event) => event.stopPropagation();
    const giveUp = () => {
      pressed = dragged = undefined;
      setDrag(undefined);
    };
    const click = (event: MouseEvent) => {
      const column = isFree(event);
      if (column) latest.current.onPick(placeIn(column, event.clientY, pickStep));
    };
    const leave = () => setHover(undefined);
    const giveUpOnEscape = (event: KeyboardEvent) => event.key === "Escape" && giveUp();

    element.addEventListener("pointerdown", press);
    element.addEventListener("pointerleave", leave);
    element.addEventListener("click", click);
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", release);
    window.addEventListener("pointercancel", giveUp);
    window.addEventListener("keydown", giveUpOnEscape);
    return () => {
      element.removeEventListener("pointerdown", press);
      element.removeEventListener("pointerleave", leave);
      element.removeEventListener("click", click);
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", release);
      window.removeEventListener("pointercancel", giveUp);
      window.removeEventListener("keydown", giveUpOnEscape);
    };
  }, [root]);
  return { hover, drag };
}
