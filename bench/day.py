"""A mixed day: 90 % of the requests look around, 8 % hold two seats, 2 % pay for them from the wallet; beside pgbench with the textbook
transactions of the same mix, in which a payment is one more hold."""

import re
import secrets
import subprocess

from bench.holds import GRANTED, INTERACTIVE_HOLD
from bench.mail import fill_wallets
from bench.stage import CONNECTIONS, compared, median

SCHEDULES, SEATS = 500, 300

LOOK = """\
\\set schedule random({first}, {last})
SELECT start_time, price, state FROM booking.schedule WHERE id = :schedule;
SELECT seat_no FROM booking.booking_seat WHERE schedule_id = :schedule AND live;
"""


def peer_rate(stage, schedules, seconds):
    look, hold = stage.directory / "look.sql", stage.directory / "hold.sql"
    look.write_text(LOOK.format(first=schedules[0][0], last=schedules[-1][0]))
    hold.write_text(INTERACTIVE_HOLD.format(clients=CONNECTIONS, place=f":k % {SCHEDULES}",
                                            pair=f"(:k / {SCHEDULES}) % {SEATS // 2}") + GRANTED)
    done = subprocess.run(
        ["pgbench", "-n", "-M", "prepared", "-j1", f"-c{CONNECTIONS}", f"-T{seconds}", "-Dn=-1", f"-Dfirst_schedule={schedules[0][0]}",
         "-f", f"{look}@90", "-f", f"{hold}@10", stage.database("booking").admin_url],
        capture_output=True, text=True, timeout=seconds + 60, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return float(re.search(r"tps = ([\d.]+)", done.stdout).group(1))


def fresh(stage):
    show, schedules = stage.make_schedules(SCHEDULES, SEATS)
    stage.touch(schedules)
    stage.settle()
    return show, schedules


def measure(stage, options, what, least):
    fill_wallets(stage)
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
    stage.platform.command("search", "reindex")  # the stage makes its venues past the catalogue, so nobody told search
    stage.platform.check()
    return rows
