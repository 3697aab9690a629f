"""Chaos: a few hundred users and some admins on the stack of real servers, on which everything fails in its turn; then it is healed,
comes to rest, and every invariant of the booking core is looked for. `python3 -m tests.chaos.run --help`."""

import argparse
import collections
import concurrent.futures
import contextlib
import os
import pathlib
import random
import shutil
import signal
import sys
import threading
import time

from tests.card_sandbox import CardSandbox
from tests.chaos.admins import Admin, Showings
from tests.chaos.checker import violations
from tests.chaos.evidence import PostOffice, gather, unfinished
from tests.chaos.faults import Faults, points_of
from tests.chaos.guard import guarded
from tests.chaos.history import History
from tests.chaos.minima import happened, too_little
from tests.chaos.standing import Watch, broken, report_of, table
from tests.chaos.users import User
from tests.stack.deployment import Deployment

ROOT = pathlib.Path(__file__).resolve().parents[2]
START_WITHIN_S = 600  # OpenSearch takes minutes while everything else starts or fails, and others compile
SHOWN = 30  # violations; all of them are in the directory
LOOKS_EVERY_S = 20  # ticketshow check, while things fail and until they rest
INDEX_WITHIN_S = 30  # I6

SETTINGS = {
    "LOG_LEVEL": "warning",
    # Signing in is not what is tested here.
    "AUTH_HASH_PASSES": "1", "AUTH_HASH_MEMORY_MIB": "8",
    # A hold that is walked away from ends within the run, and lasts long enough for a card page.
    "BOOKING_HOLD_TTL_S": "75",
    "CARDS_PAGES_PER_HOUR": "1000", "CARDS_CALL_TIME_S": "3", "CARDS_REFUND_DOUBT_S": "5", "CARDS_REFUND_RETRY_S": "1", "CARDS_LIST_S": "10",
    "POSTERS_KEEP_UNUSED_S": "15",
}


class Run:
    def __init__(self, options, deployment, files):
        self.options = options
        self.deployment = deployment
        self.began = time.monotonic()
        directory = options.directory
        self.history = History(self.file(files, "history.jsonl"))
        self.errors = []  # of the run itself
        self.found = []  # violations
        self.judged = False
        self.switches = CardSandbox(deployment.settings)
        self.post_office = PostOffice(directory / "mailbox" / "mail", self.file(files, "mails.jsonl"))
        self.watch = Watch(deployment)
        self.index_due = None  # from then on the index equals the catalogue
        self.faults = Faults(deployment, self.switches, self.post_office, self.random_of, self.file(files, "faults.jsonl"), self.errors)
        self.stopping = threading.Event()
        showings = Showings()
        self.users = [User(number, options.seed, deployment.url, self.history, self.random_of(f"user {number}"), self.stopping, showings,
                           self.credit) for number in range(options.users)]
        self.admins = [Admin(deployment.accounts["ADMIN"], deployment.url, self.history, self.random_of(f"admin {number}"),
                             self.stopping, showings) for number in range(2)]
        self.people = [threading.Thread(target=guarded(self.errors, each.email, each.live), daemon=True)
                       for each in [*self.users, *self.admins]]
        self.people.append(threading.Thread(target=guarded(self.errors, "the watch", self.look_on), daemon=True))

    def file(self, files, name):
        """One that stays."""
        return files.enter_context(open(self.options.directory / name, "w", encoding="utf-8"))

    def random_of(self, name):
        """A generator of its own for everybody: what one does does not depend on how fast another is."""
        return random.Random(f"{self.options.seed}: {name}")

    def credit(self, user, amount, reference):
        return self.deployment.command("wallet", "credit", "--user", str(user), "--amount", f"{amount / 100:.2f}", "--reference", reference,
                                       check=False)

    def say(self, what):
        print(f"{time.monotonic() - self.began:5.0f} s  {what}", flush=True)

    # ---- the parts of a run

    def go(self):
        """All parts. One that fails is an error of the run, and the next goes on with what there is: there is a verdict in any case.
        Says whether it is a good one."""
        try:
            for part in (self.fail, self.heal, self.rest, self.judge):
                guarded(self.errors, part.__name__, part)()
        finally:
            guarded(self.errors, "the end", self.faults.end)()
            good = self.report()
        return good

    def fail(self):
        self.begin()
        self.live()

    def begin(self):
        self.switches.quiet()
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            list(pool.map(User.register, self.users))
        for admin in self.admins:
            admin.sign_in()
            admin.put_on()
        self.say(f"{len(self.users)} users and {len(self.admins)} admins are signed in")

    def live(self):
        until = time.monotonic() + self.options.minutes * 60
        for person in self.people:
            person.start()
        self.faults.start()
        try:
            while time.monotonic() < until:
                time.sleep(max(0, min(10, until - time.monotonic())))
                self.post_office.look()
                self.progress()
        finally:
            self.stopping.set()
            self.faults.stop()
        for person in self.people:
            person.join()

    def look_on(self):
        """In a thread of its own: while a server is away the look takes its time."""
        while not self.stopping.wait(LOOKS_EVERY_S):
            self.watch.look()

    def heal(self):
        self.say("healing")
        self.faults.heal()
        self.index_due = time.monotonic() + INDEX_WITHIN_S + self.faults.search_started_in_s

    def progress(self):
        totals = self.history.totals()
        self.say(f"{totals.total():7} operations: {totals['ok']} ok, {totals['refused']} refused, {totals['unknown']} unknown;  "
                 f"{self.faults.journal.counts.total()} faults, {self.faults.supervisor.starts} processes started again")

    def rest(self):
        """Waits until nothing goes on any more. What does not come to its end without a restart is a violation; then all processes are
        restarted, for the evidence."""
        left = self.wait_for_rest()
        if left:
            self.found += [f"not at rest without a restart after {self.options.patience_s} s: {what}" for what in left]
            self.say(f"not at rest ({len(left)} things left); all processes are restarted")
            self.faults.supervisor.restart_all()
            self.found += [f"not at rest after a restart and {self.options.patience_s} s: {what}" for what in self.wait_for_rest()]

    def wait_for_rest(self):
        """What still goes on at the end of the patience."""
        give_up = time.monotonic() + self.options.patience_s
        looked = said = 0
        while True:
            self.post_office.look()
            if time.monotonic() - looked > LOOKS_EVERY_S:
                looked = time.monotonic()
                self.watch.look(index_has_had_its_time=self.index_due is not None and looked > self.index_due)
            left = unfinished(self.deployment)
            if not left:
                report = report_of(self.deployment, settle_s=0)
                if report is not None and report["kept"]:
                    self.say(f"at rest; ticketshow check:\n{table(report)}")
                    return []
                left = broken(report) if report is not None else ["ticketshow check could not look"]
            if time.monotonic() > give_up:
                return left
            if time.monotonic() - said > 10:
                said = time.monotonic()
                self.say(f"waiting for {dict(collections.Counter(' '.join(each.split()[:2]) for each in left))}")
            time.sleep(1)

    def judge(self):
        evidence = gather(self.deployment, self.history, self.switches, self.post_office)
        self.say(f"looked at {len(evidence.calls)} calls, {len(evidence.bookings)} bookings, {len(evidence.payments)} payments, "
                 f"{len(evidence.movements)} movements, {len(evidence.charges)} charges of cards, {len(evidence.mails)} mails, "
                 f"{sum(map(len, evidence.outboxes.values()))} events, {len(evidence.index)} documents")
        self.found += map(str, violations(evidence))
        run = happened(evidence, self.options.minutes, self.history.totals(), self.watch.looks, self.faults.journal.counts)
        self.say(f"{run.by_wallet} bookings confirmed by wallet, {run.by_card} by card, {run.cascades} cascades with a paid booking; "
                 f"ticketshow check looked {run.looks} times on the way")
        self.found += too_little(run)
        self.judged = True

    def report(self):
        """The verdict. Says whether it is a good one."""
        found = [*self.errors, *self.faults.supervisor.crashes, *self.watch.found, *self.found]
        if not self.judged:
            found.insert(0, "the run was not judged")
        (self.options.directory / "violations.txt").write_text("".join(f"{each}\n" for each in found), encoding="utf-8")
        print(f"\n{'operation':18} {'ok':>8} {'refused':>8} {'unknown':>8}")
        for operation, counts in [*sorted(self.history.counts.items()), ("all", self.history.totals())]:
            print(f"{operation:18} {counts['ok']:8} {counts['refused']:8} {counts['unknown']:8}")
        print(f"\n{'fault':28} {'times':>6}")
        for kind, count in [*sorted(self.faults.journal.counts.items()), ("all", self.faults.journal.counts.total())]:
            print(f"{kind:28} {count:6}")
        named = {point for process in self.deployment.processes.values() for point in points_of(process.service)}
        missed = sorted(named - self.faults.journal.reached)
        print(f"\n{len(named) - len(missed)} of {len(named)} fault points were reached: {', '.join(sorted(self.faults.journal.reached))}")
        print(f"never reached: {', '.join(missed) or 'none'}")
        print(f"\nseed {self.options.seed}: {len(found)} violations", flush=True)
        for each in found[:SHOWN]:
            print(f"  {each}")
        return not found


def options_of(arguments):
    parser = argparse.ArgumentParser(prog="./run chaos", description=__doc__.partition(".")[0])
    parser.add_argument("--minutes", type=float, default=3, help="for how long things fail [3]")
    parser.add_argument("--seed", type=int, help="what everybody draws at random follows from it [a fresh one, printed]")
    parser.add_argument("--users", type=int, default=200, help="users at once [200]")
    parser.add_argument("--patience-s", type=int, default=300, help="how long it may take to come to rest [300]")
    parser.add_argument("--directory", type=pathlib.Path, default=ROOT / "var/chaos", help="made anew; kept afterwards [var/chaos]")
    options = parser.parse_args(arguments)
    if options.seed is None:
        options.seed = random.SystemRandom().randrange(1_000_000)
    if not (0 < options.minutes <= 24 * 60 and 1 <= options.users <= 1000):
        parser.error("--minutes must be above 0 and at most 1440, --users from 1 to 1000")
    options.directory = options.directory.resolve()
    return options


def end(signal_number, _):
    raise SystemExit(128 + signal_number)


def main(arguments):
    for each in signal.SIGTERM, signal.SIGHUP:
        signal.signal(each, end)  # there is a verdict then too, and nothing goes on running
    options = options_of(arguments)
    print(f"seed {options.seed}", flush=True)
    binary = os.environ["TICKETSHOW_BINARY"]
    Deployment(binary, options.directory).stop()  # what a run that was cut off left
    shutil.rmtree(options.directory, ignore_errors=True)
    options.directory.mkdir(parents=True)
    deployment = Deployment(binary, options.directory, settings=SETTINGS, durable=False)
    for each in [*deployment.servers.values(), *deployment.processes.values()]:
        each.start_within_s = START_WITHIN_S
    with contextlib.ExitStack() as files, deployment:
        return 0 if Run(options, deployment, files).go() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
