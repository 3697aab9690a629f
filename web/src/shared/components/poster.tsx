import type { Api } from "@/api/types";
import { posterClasses as classes, posterHaste, posterSources } from "@/shared/poster-parts";

interface PosterProps {
  show: { title: string; poster?: Api["poster_view"] | null };
  /** How wide it is on the page, in the words of the sizes attribute. */
  sizes: string;
  /** One of the first things seen: it is fetched before all else. */
  isFirst?: boolean;
}

/** A show's poster at 2:3, whose place is kept while it loads; a plain card with the title's first letter where there is none. */
export function Poster({ show, sizes, isFirst = false }: PosterProps) {
  const { poster } = show;
  if (!poster) {
    return (
      <div className={classes.frame} aria-hidden>
        <span className={classes.letter}>{show.title.trim().slice(0, 1)}</span>
      </div>
    );
  }
  return (
    <div className={classes.frame}>
      <picture>
        <source type="image/webp" srcSet={posterSources(poster.webp)} sizes={sizes} />
        <img
          className={classes.image}
          src={poster.jpeg[0]?.url}
          srcSet={posterSources(poster.jpeg)}
          sizes={sizes}
          width={poster.width}
          height={poster.height}
          alt=""
          {...posterHaste(isFirst)}
        />
      </picture>
    </div>
  );
}
