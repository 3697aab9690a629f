import classes from "./poster.module.css";
import type { Show } from "./shows-api";

/** The smallest picture of a show's poster; its first letter where there is none. */
export function PosterThumb({ show }: { show: Show }) {
  const smallest = show.poster?.webp[0]?.url ?? show.poster_url;
  if (!smallest) {
    return (
      <span className={classes.thumb} aria-hidden>
        {[...show.title][0]}
      </span>
    );
  }
  return <img className={classes.thumb} src={smallest} alt="" width={48} height={64} loading="lazy" />;
}
