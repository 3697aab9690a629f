import { Poster } from "@/shared/components/poster";
import classes from "./poster.module.css";
import type { Show } from "./shows-api";

/** A show's poster in a row of a list. */
export function PosterThumb({ show }: { show: Show }) {
  return (
    <div className={classes.thumb}>
      <Poster show={show} sizes="48px" />
    </div>
  );
}
