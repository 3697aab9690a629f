"""What every suite stands on: the durable cluster that ./run bench started, a database with its own schedules, the real binary."""

import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from bench.mail_sink import MailSink
from tests.harness import COUNTER, Platform

CONNECTIONS = 64


def median(values):
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def row(what, platform, goal, kept, peer="", ratio="", **figures):
    """One line of the table, with its raw figures for the JSON."""
    return {"what": what, "platform": platform, "peer": peer, "ratio": ratio, "goal": goal, "kept": kept, **figures}


def compared(what, platform, peer, unit, least, more_kept=True, note="", **figures):
    """A line that holds the platform against a peer: rates, the ratio must be at least `least`; 0 is no goal."""
    ratio = platform / peer if peer else float("inf")
    return row(what, f"{platform:,.0f} {unit}{note}", f">= {least:g}x" if least else "", ratio >= least and more_kept,
               peer=f"{peer:,.0f} {unit}", ratio=f"{ratio:.1f}x", platform_rate=platform, peer_rate=peer, **figures)


SETTINGS = {"LOG_LEVEL": "warning", "AUTH_HASH_PASSES": "1", "AUTH_HASH_MEMORY_MIB": "8"}


class Stage:
    """A platform with limits that do not stand in a load test's way, and one show on many screens."""

    USERS = 256

    def __init__(self, root):
        self.root = root
        self.binary = pathlib.Path(os.environ.get("TICKETSHOW_BINARY", root / "build/release/ticketshow"))
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="ticketshow-bench-"))
        self.sink = MailSink(self.directory / "smtp-sink")
        self.platform = self.make_platform()
        self.tokens = []

    def make_platform(self):
        """One process on the cluster that ./run bench started."""
        return Platform(self.binary, self.directory, sample_data=False, settings={**SETTINGS, "MAIL_SMTP_URL": self.sink.address()})

    def database(self, _service):
        """The one in which a service has its tables."""
        return self.platform.database

    def __enter__(self):
        self.sink.start()
        self.platform.__enter__()
        self.make_users()
        self.fill_wallets()
        self.make_wal()
        return self

    def __exit__(self, *failure):
        self.platform.__exit__(*failure)
        self.sink.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def make_users(self):
        def make(_):
            return self.platform.user()
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            users = list(pool.map(make, range(self.USERS)))
        self.tokens = [user.token for user in users]
        self.user_ids = [user.account["id"] for user in users]
        (self.directory / "users").write_text("\n".join(f"{id} {token}" for id, token in zip(self.user_ids, self.tokens)))

    def fill_wallets(self):
        """Every user can pay for everything."""
        self.database("auth").sql("""
            INSERT INTO auth.ledger_transaction (reference, kind, user_id, debit_account, credit_account, amount, description)
            SELECT 'bench:' || id, 'CREDIT', id, 'external', 'wallet:' || id, 1000000000, 'bench' FROM auth.account;
            INSERT INTO auth.wallet_entry (user_id, seq, transaction_id, delta, balance)
            SELECT 0, 1, id, 1, 0 FROM auth.ledger_transaction WHERE reference LIKE 'bench:%'""")

    def make_wal(self):
        """Writes as much WAL as the cluster keeps, so that its segments are there to be used again as on one that has run for a while: a
        new segment costs a stall of its own."""
        self.database("booking").sql("""
            SELECT count(pg_logical_emit_message(false, 'bench', repeat('x', 1000000))) FROM generate_series(1, 1100)""")
        self.settle()

    def settle(self):
        """A checkpoint now, and so none during the next few seconds; both sides begin alike."""
        self.database("booking").sql("CHECKPOINT")

    def check(self):
        """Every invariant holds. The stage makes its venues past the catalogue, so search is told of them first."""
        self.platform.command("search", "reindex")
        self.platform.check()

    def admin(self):
        """A client with the role ADMIN."""
        email = f"admin{next(COUNTER)}@example.com"
        self.platform.command("admin", "create", "--email", email, stdin="correct horse battery\n")
        return self.platform.client().login(email, "correct horse battery")

    def make_schedules(self, count, capacity):
        """Makes `count` showings of a new show that begin in three days, each on a screen of its own; returns (show, first
        schedule, screens)."""
        rows = self.database("catalog").sql(f"""
            WITH new_show AS (
              INSERT INTO catalog.show (title, duration_minutes, price, description)
              VALUES ('Bench', 100, 10000, '') RETURNING id),
            new_venue AS (
              INSERT INTO catalog.venue (name, location, city, time_zone, opening_time, closing_time)
              VALUES ('Bench ' || clock_timestamp(), 'x', 'Bench', 'UTC', '00:00', '00:00') RETURNING id),
            new_screens AS (
              INSERT INTO catalog.screen (venue_id, name, capacity, seats_per_row)
              SELECT new_venue.id, 'S' || n, {capacity}, 40 FROM new_venue, generate_series(1, {count}) n RETURNING id),
            new_schedules AS (
              INSERT INTO catalog.schedule (show_id, screen_id, starts_at, ends_at)
              SELECT new_show.id, new_screens.id, date_trunc('hour', now()) + interval '3 days',
                     date_trunc('hour', now()) + interval '3 days 100 minutes' FROM new_show, new_screens
              RETURNING id, show_id, screen_id)
            SELECT show_id, id, screen_id FROM new_schedules ORDER BY id""")
        show = int(rows[0][0])
        return show, [(int(schedule), int(screen)) for _, schedule, screen in rows]

    def touch(self, schedules):
        """Lets booking make its copies, so that no figure includes the first use."""
        client = self.platform.client()
        for schedule, _ in schedules:
            client.get(f"/bookings/schedule/{schedule}/seats")

    def pgbench(self, scripts, length, schedules):
        """Runs pgbench on booking's database with as many clients as wrk has connections: `scripts` are texts with their weights, which
        find :first_schedule and a counter :n of each client's own, `length` is its -T or -t. Returns transactions a second."""
        command = ["pgbench", "-n", "-M", "prepared", "-j1", f"-c{CONNECTIONS}", length, "-Dn=-1", f"-Dfirst_schedule={schedules[0][0]}"]
        for number, (script, weight) in enumerate(scripts):
            file = self.directory / f"pgbench-{number}.sql"
            file.write_text(script)
            command += ["-f", f"{file}@{weight}"]
        done = subprocess.run([*command, self.database("booking").admin_url], capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        return float(re.search(r"tps = ([\d.]+)", done.stdout).group(1))

    def wrk(self, script, arguments, seconds, url=None, connections=CONNECTIONS):
        """Runs wrk with one thread and returns requests a second, p99 in ms, and how many answers were not 2xx or 3xx. Fails when
        some requests had no answer, or one after more than ten seconds: their time is in none of the figures."""
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "10s"]
        if script:
            command += ["-s", str(self.root / "bench" / script)]
        command += [url or self.platform.url, "--", *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60, check=True)
        figures = parse_wrk(done.stdout)
        assert not figures["unanswered"], f"wrk had no answer: {figures['unanswered']}"
        return figures


def parse_wrk(text):
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1))
    found = re.search(r"99%\s+([\d.]+)(us|ms|s)", text)
    p99 = float(found.group(1)) * {"us": 0.001, "ms": 1, "s": 1000}[found.group(2)]
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    errors = re.search(r"Socket errors: (.*)", text)
    unanswered = {kind: int(count) for kind, count in re.findall(r"(\w+) (\d+)", errors.group(1)) if int(count)} if errors else {}
    return {"rate": rate, "p99_ms": p99, "failed": int(failed.group(1)) if failed else 0, "unanswered": unanswered}
