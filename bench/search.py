"""Search over 10,000 shows on PostgreSQL: what people type while they type it, with and without typos."""

import concurrent.futures
import random
import time
import urllib.parse

from bench.stage import median, row

SHOWS = 10_000
VENUES = 100
CONNECTIONS = 4

# 4,096 words of syllables; those at the beginning of the list are used far more often than those at its end, as in any language.
FILL = """
WITH syllables AS (SELECT ARRAY['ka','lo','mi','ra','ten','sol','vi','nor','dha','pur','shi','ban','gul','mar','eth','on'] AS s),
words AS MATERIALIZED (
  SELECT array_agg(s[1 + n % 16] || s[1 + n / 16 % 16] || s[1 + n / 256 % 16] || CASE WHEN n % 3 = 0 THEN s[1 + n / 7 % 16] ELSE '' END
                   ORDER BY n) AS w
  FROM syllables, generate_series(0, 4095) n),
seed AS MATERIALIZED (SELECT setseed(0.5)),
shows AS (
  INSERT INTO catalog.show (title, duration_minutes, price, description)
  SELECT (SELECT string_agg(initcap(w[1 + 0 * k + floor(4096 * power(random(), 2))::int]), ' ') FROM generate_series(1, 2 + n % 3) k),
         100, 10000,
         (SELECT string_agg(w[1 + 0 * k + floor(4096 * power(random(), 2))::int], ' ') FROM generate_series(1, 20 + n % 20) k)
  FROM seed, words, generate_series(1, {shows}) n RETURNING id),
venues AS (
  INSERT INTO catalog.venue (name, location, city, time_zone, opening_time, closing_time)
  SELECT 'Cinema ' || initcap(w[n]), 'x', 'City ' || n % 20, 'UTC', '00:00', '00:00' FROM words, generate_series(1, {venues}) n
  RETURNING id),
screens AS (
  INSERT INTO catalog.screen (venue_id, name, capacity) SELECT id, 'One', 100 FROM venues RETURNING id),
numbered_screens AS (SELECT id, row_number() OVER () - 1 AS n FROM screens),
numbered_shows AS (SELECT id, row_number() OVER () - 1 AS n FROM shows)
INSERT INTO catalog.schedule (show_id, screen_id, starts_at, ends_at)
SELECT w.id, s.id, now() + interval '1 day' + (w.n / {venues}) * interval '2 hours',
       now() + interval '1 day 100 minutes' + (w.n / {venues}) * interval '2 hours'
FROM numbered_shows w JOIN numbered_screens s ON s.n = w.n % {venues}
"""


def typo(word, dice):
    at = dice.randrange(1, len(word))
    return word[:at] + dice.choice("abcdefghijklmnopqrstuvwxyz") + word[at + 1:]


def queries(titles):
    """Kinds of what people type: while typing, whole titles, typos, words of descriptions, in a city."""
    dice = random.Random(7)
    kinds = {"while typing": [], "titles": [], "typos": [], "in a city": [], "all kinds": []}
    for title in titles:
        words = title.lower().split()
        kinds["while typing"].append({"q": title[:dice.randrange(1, len(title))]})
        kinds["titles"].append({"q": " ".join(words[:2])})
        kinds["typos"].append({"q": " ".join([typo(words[0], dice), *words[1:2]])})
        kinds["in a city"].append({"q": words[-1], "city": f"city {dice.randrange(20)}"})
    kinds["all kinds"] = [query for same in zip(*(kinds[name] for name in list(kinds)[:-1])) for query in same]
    return kinds


CHANGES_A_SECOND = 100
LOOKED_FOR = 4  # one of so many: looking for all would be most of the load


def change_evenly(stage, shows, seconds):
    """Renames one show after another, CHANGES_A_SECOND a second; returns after how many ms each that is looked for was found, and the
    rate that was kept."""
    admin = stage.admin()
    began = time.monotonic()

    def change(number):
        time.sleep(max(0.0, began + number / CHANGES_A_SECOND - time.monotonic()))
        name = f"zq{number:05d}"
        admin.patch(f"/shows/{shows[number]}", title=f"Renamed {name}")
        committed = time.monotonic()
        if number % LOOKED_FOR:
            return None
        while not admin.get("/search", q=name)["shows"]:
            assert time.monotonic() - committed < 10, f"{name} is not found"
            time.sleep(0.005)
        return (time.monotonic() - committed) * 1000

    with concurrent.futures.ThreadPoolExecutor(32) as pool:
        found = [ms for ms in pool.map(change, range(seconds * CHANGES_A_SECOND)) if ms is not None]
    return found, seconds * CHANGES_A_SECOND / (time.monotonic() - began)


def delay(stage, options):
    seconds = options.seconds * options.rounds
    shows = [show for show, in stage.platform.database.sql(f"SELECT id FROM catalog.show ORDER BY id LIMIT {seconds * CHANGES_A_SECOND}")]
    stage.settle()
    found, rate = change_evenly(stage, shows, seconds)
    ordered = sorted(found)
    p99 = ordered[len(ordered) * 99 // 100]
    return row(f"commit to search hit, {rate:.0f} changes/s", f"p99 {p99:.0f} ms (median {median(found):.0f} ms)", "<= 200 ms", p99 <= 200,
               p99_ms=p99, median_ms=median(found), rate=rate)


def run(stage, options):
    stage.platform.database.sql(FILL.format(shows=SHOWS, venues=VENUES))
    stage.platform.database.sql("ANALYZE catalog.show, catalog.schedule, catalog.screen, catalog.venue")
    began = time.monotonic()
    stage.platform.command("search", "reindex")
    rebuilt_s = time.monotonic() - began
    stage.platform.database.sql("ANALYZE search_index.document, search_index.word")
    stage.settle()
    titles = [title for title, in stage.platform.database.sql("SELECT title FROM catalog.show ORDER BY md5(id::text) LIMIT 2000")]
    rows = [row(f"rebuild of the search index, {SHOWS:,} shows", f"{rebuilt_s:.1f} s", "<= 30 s", rebuilt_s <= 30, seconds=rebuilt_s)]
    for name, asked in queries(titles).items():
        path = stage.directory / "queries"
        path.write_text("\n".join(urllib.parse.urlencode(query) for query in asked))
        figures = [stage.wrk("search.lua", [path], options.seconds, connections=CONNECTIONS) for _ in range(options.rounds)]
        assert all(each["failed"] == 0 for each in figures)
        rate, p99 = (median([each[what] for each in figures]) for what in ("rate", "p99_ms"))
        rows.append(row(f"search, {SHOWS:,} shows, {CONNECTIONS} at a time: {name}", f"{rate:,.0f} /s, p99 {p99:.1f} ms",
                        "p99 <= 20 ms", p99 <= 20, rate=rate, p99_ms=p99))
    rows.append(delay(stage, options))
    return rows
