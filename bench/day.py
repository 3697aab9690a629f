"""A mixed day: 90 % of the requests look around, 8 % hold two seats, 2 % pay for them from the wallet; beside pgbench with the textbook
transactions of the same mix, in which a payment is one more hold."""

import secrets

from bench.holds import GRANTED, INTERACTIVE_HOLD
from bench.stage import CONNECTIONS, compared, median

SCHEDULES, SEATS = 500, 300

LOOK = """\
\\set schedule random({first}, {last})
SELECT start_time, price, state FROM booking.schedule WHERE id = :schedule;
SELECT seat_no FROM booking.booking_seat WHERE schedule_id = :schedule AND live;
"""


def peer_rate(stage, schedules, seconds):
    look = LOOK.format(first=schedules[0][0], last=schedules[-1][0])
    hold = INTERACTIVE_HOLD.format(clients=CONNECTIONS, place=f":k % {SCHEDULES}", pair=f"(:k / {SCHEDULES}) % {SEATS // 2}") + GRANTED
    return stage.pgbench([(look, 90), (hold, 10)], f"-T{seconds}", schedules)


def fresh(stage):
    show, schedules = stage.make_schedules(SCHEDULES, SEATS)
    stage.touch(schedules)
    stage.settle()
    return show, schedules


def measure(stage, options, what, least):
    peer, mine, p99 = [], [], []
    for _ in range(options.rounds):
        peer.append(peer_rate(stage, fresh(stage)[1], options.seconds))
        show, schedules = fresh(stage)
        plan = stage.directory / "day.plan"
        plan.write_text("\n".join(f"{schedule} {screen}" for schedule, screen in schedules))
        figures = stage.wrk("mixed.lua", [stage.directory / "users", plan, show, SEATS, secrets.token_hex(4) + "-"], options.seconds)
        assert figures["failed"] == 0, f"{figures['failed']} answers were refusals"
        mine.append(figures["rate"])
        p99.append(figures["p99_ms"])
    paid = int(stage.database("payment").sql("SELECT count(*) FROM payment.payment WHERE step = 'COMPLETED'")[0][0])
    assert paid > 0, "nobody paid"
    return compared(what, median(mine), median(peer), "/s", least, note=f", p99 {median(p99):.1f} ms", p99_ms=median(p99), paid=paid)


def run(stage, options):
    rows = [measure(stage, options, f"mixed day, {CONNECTIONS} connections, one process", 1)]
    stage.check()
    return rows
