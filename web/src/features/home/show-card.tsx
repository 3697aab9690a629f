import { Skeleton, Text } from "@mantine/core";
import { Link } from "react-router";
import { useTranslations } from "use-intl";
import { Poster } from "@/shared/components/poster";
import { dayOf } from "@/shared/format/days";
import { useDayName } from "@/shared/format/use-day-name";
import { useDuration } from "@/shared/format/use-duration";
import { useFormats } from "@/shared/format/use-formats";
import classes from "./home.module.css";
import type { PlayingShow } from "./playing";
import { posterSizes } from "./sections";

/** A show with its next showing; the whole card leads to it. */
export function ShowCard({ show, isFirst }: { show: PlayingShow; isFirst: boolean }) {
  const t = useTranslations("home");
  const formats = useFormats();
  const dayName = useDayName();
  const duration = useDuration();
  const facts = [show.language, show.rating, duration(show.duration_minutes)].filter(Boolean).join(" · ");
  const next = t("next", {
    day: dayName(dayOf(show.first_start, show.time_zone)),
    time: formats.time(show.first_start, show.time_zone),
  });
  return (
    <article className={classes.card}>
      <Poster show={show} sizes={posterSizes} isFirst={isFirst} />
      <div>
        <Link to={`/shows/${show.id}`} className={classes.link}>
          {show.title}
        </Link>
        <Text size="sm" c="dimmed">
          {facts}
        </Text>
        <Text size="sm" fw={600}>
          {next}
        </Text>
        <Text size="sm" c="dimmed">
          {t("from", { price: formats.money(show.price, show.currency) })} · {t("more", { count: show.showings })}
        </Text>
      </div>
    </article>
  );
}

/** As large as a card, so that nothing shifts when the shows arrive. */
export function ShowCardSkeleton() {
  return (
    <div className={classes.card} aria-hidden>
      <Skeleton className={classes.posterSkeleton} />
      <div>
        <Skeleton height={16} width="80%" my={4} />
        <Skeleton height={12} width="60%" my={8} />
        <Skeleton height={12} width="50%" my={8} />
        <Skeleton height={12} width="55%" my={8} />
      </div>
    </div>
  );
}
