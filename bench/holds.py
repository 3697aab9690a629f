"""Holds a second through HTTP, beside pgbench doing the same work as an interactive transaction on the same tables."""

import secrets

from bench.stage import CONNECTIONS, compared, median

# mode: (schedules, seats of each screen); two seats are held at a time. One hot schedule is sold out within a tenth of a second,
# then comes the next.
HALLS = {"spread": (2000, 300), "hot": (400, 2000), "taken": (1, 300)}

# The textbook transaction, six round trips: lock the showing, look whether the seats are free, insert, commit. The variable n counts
# the transactions of a client; clients work on different seats, as the load on the platform does.
INTERACTIVE_HOLD = """\
\\set n :n + 1
\\set k :n * {clients} + :client_id
\\set place {place}
\\set pair {pair}
\\set schedule :first_schedule + :place
\\set left :pair * 2 + 1
\\set right :pair * 2 + 2
BEGIN;
SELECT start_time, price, state FROM booking.schedule WHERE id = :schedule FOR NO KEY UPDATE;
SELECT seat_no FROM booking.booking_seat WHERE schedule_id = :schedule AND seat_no IN (:left, :right) AND live;
"""
GRANTED = """\
INSERT INTO booking.booking (id, user_id, schedule_id, screen_id, show_time, created_at, expires_at, total_amount, seats,
                             idempotency_key, correlation_id)
  VALUES (nextval('booking.booking_id'), :client_id + 1, :schedule, 1, now(), now(), now() + interval '10 minutes', 20000,
          ARRAY[:left, :right]::smallint[], 'peer-' || :schedule::bigint || '-' || :k::bigint, 'peer') RETURNING id \\gset
INSERT INTO booking.booking_seat (booking_id, schedule_id, seat_no) VALUES (:id, :schedule, :left), (:id, :schedule, :right);
COMMIT;
"""
REFUSED = "ROLLBACK;\n"

# mode: (schedule of the k-th hold, pair of seats of the k-th hold), in pgbench's expressions; holds.lua has the same in Lua. pgbench's
# clients do not advance evenly: they would spread over many halls. So its one hot schedule has as many seats as it needs.
PLAN = {
    "spread": (":k % {schedules}", "(:k / {schedules}) % {pairs}", GRANTED),
    "hot": ("0", ":k", GRANTED),
    "taken": ("0", "0", REFUSED),
}
MOST_HOT_HOLDS = 16_000  # of two seats each, numbered by a smallint


def peer_rate(stage, schedules, mode, seconds):
    count, capacity = HALLS[mode]
    place, pair, end = PLAN[mode]
    numbers = {"schedules": count, "pairs": capacity // 2}
    script = INTERACTIVE_HOLD.format(clients=CONNECTIONS, place=place.format(**numbers), pair=pair.format(**numbers)) + end
    length = f"-t{min(MOST_HOT_HOLDS // CONNECTIONS, 30 * seconds)}" if mode == "hot" else f"-T{seconds}"
    return stage.pgbench([(script, 1)], length, schedules)


def platform_figures(stage, schedules, mode, seconds):
    plan = stage.directory / f"{mode}.plan"
    plan.write_text("\n".join(f"{schedule} {screen}" for schedule, screen in schedules))
    figures = stage.wrk("holds.lua", [stage.directory / "users", plan, mode, HALLS[mode][1], secrets.token_hex(4) + "-"], seconds)
    granted = figures["failed"] == 0
    assert granted != (mode == "taken"), f"{mode}: {figures['failed']} answers were refusals"
    return figures


def fresh(stage, mode):
    _, schedules = stage.make_schedules(*HALLS[mode])
    stage.touch(schedules)
    return schedules


def measure(stage, options, mode, what, least, most_p99_ms=None):
    peer, mine, p99 = [], [], []
    for _ in range(options.rounds):
        schedules = fresh(stage, mode)
        if mode == "taken":
            screen = schedules[0][1]
            stage.platform.user().hold(schedules[0][0], [screen * 10_000 + 1, screen * 10_000 + 2])
        stage.settle()
        peer.append(peer_rate(stage, schedules if mode == "taken" else fresh(stage, mode), mode, options.seconds))
        stage.settle()
        figures = platform_figures(stage, schedules, mode, options.seconds)
        mine.append(figures["rate"])
        p99.append(figures["p99_ms"])
    note = f", p99 {median(p99):.1f} ms"
    kept = most_p99_ms is None or median(p99) <= most_p99_ms
    return compared(what, median(mine), median(peer), "/s", least, kept, note, p99_ms=median(p99))


def run(stage, options):
    rows = [
        measure(stage, options, "spread", "holds, 64 connections, 2,000 schedules", 3),
        measure(stage, options, "hot", "holds, 64 connections, one hot schedule (p99 <= 25 ms)", 5, most_p99_ms=25),
        measure(stage, options, "taken", "refusals of taken seats", 10),
    ]
    stage.check()
    return rows
