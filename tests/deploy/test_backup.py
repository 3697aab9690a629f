"""What docs/operations.md tells to do is done: a platform that sells is backed up, lost, and restored elsewhere."""

import concurrent.futures
import os
import pathlib
import re
import shutil
import signal
import tempfile
import threading
import time
import urllib.parse

import pytest
import requests

from tests.deploy.conftest import BINARY, ROOT, succeeds
from tests.e2e.test_posters import sample_png, upload
from tests.harness import Database, Platform, sql, with_parameters
from tests.stack.kafka import Kafka

OPERATIONS = (ROOT / "docs/operations.md").read_text()
SERVICES = ["auth", "catalog", "booking", "payment", "search", "search_index", "notification", "bus"]


def told(heading, language):
    """The block of this language below the heading."""
    section = re.search(rf"^##+ {heading}$(.*?)(?=^##)", OPERATIONS, re.M | re.S).group(1)
    return re.search(rf"```{language}\n(.*?)```", section, re.S).group(1)


class Machine:
    """A PostgreSQL of its own, and the directory of a platform beside it."""

    def __init__(self):
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="ticketshow-machine-", dir="/tmp"))
        self.place.chmod(0o755)  # PostgreSQL's user has to get in
        self.cluster = self.place / "postgres/data"
        self.platform = self.place / "platform"
        self.data = self.platform / "data"
        self.platform.mkdir()

    def scripted(self, word, *more):
        return succeeds(ROOT / "tools/postgres.sh", word, self.place / "postgres", *more)

    def start(self):
        self.scripted("start", "fsync=off")

    @property
    def url(self):
        return self.scripted("url", "postgres").strip() + "&user=postgres"

    def environment(self, **more):
        host = urllib.parse.parse_qs(urllib.parse.urlsplit(self.url).query)["host"][0]
        return {**os.environ, "PGHOST": host, "PGUSER": "postgres", "DATA": str(self.data), "CLUSTER": str(self.cluster),
                **{name: str(value) for name, value in more.items()}}

    def run(self, script, stdin="", **more):
        succeeds("bash", "-c", script, env=self.environment(**more), input=stdin)

    def psql(self, database, script):
        self.run("psql -Xq -v ON_ERROR_STOP=1", PGDATABASE=database, stdin=script)

    def lose(self):
        self.scripted("remove")
        shutil.rmtree(self.place, ignore_errors=True)


@pytest.fixture
def machines(monkeypatch):
    """Makes machines; the harness works on the latest."""
    made = []

    def make(started=True):
        made.append(Machine())
        monkeypatch.setenv("TICKETSHOW_TEST_DATABASE_URL", made[-1].url)
        if started:
            made[-1].start()
        return made[-1]

    yield make
    for each in made:
        each.lose()


def keep_selling(platform, users, schedule, ended):
    """Books, pays and mostly cancels until it is told to end; how often."""
    def one(user, number):
        sold = 0
        while not ended.is_set():
            seats = user.get(f"/bookings/schedule/{schedule['id']}/seats")
            mine = [each["id"] for each in seats if each["is_available"] and each["id"] % len(users) == number][:2]
            if not mine:
                break
            booking = user.hold(schedule["id"], mine)
            user.pay(booking["id"])
            sold += 1
            if sold > 8 or sold % 2:  # an account may have twenty seats of a showing
                user.delete(f"/bookings/{booking['id']}")
        return sold

    pool = concurrent.futures.ThreadPoolExecutor(len(users))
    return [pool.submit(one, user, number) for number, user in enumerate(users)]


def sell(user, schedule, count=2):
    free = [each["id"] for each in user.get(f"/bookings/schedule/{schedule['id']}/seats") if each["is_available"]]
    booking = user.hold(schedule["id"], free[:count])
    user.pay(booking["id"])
    return user.get(f"/bookings/{booking['id']}")


@pytest.fixture
def kafka(tmp_path):
    """Makes one, with nothing of an earlier one."""
    made = []

    def make():
        made.append(Kafka(tmp_path / f"kafka{len(made)}"))
        return {"BUS_ADAPTER": "kafka", "KAFKA_BROKERS": made[-1].start()}, made[-1]

    yield make
    for each in made:
        each.stop()


def back_up(machine, backup, database):
    machine.run(told("All services in one database" if database else "A database a service", "bash"), BACKUP=backup, DATABASE=database)


def restore_dump(machines, backup):
    machine = machines()
    machine.run(told("From a dump", "bash"), BACKUP=backup)
    return machine


def restore_cluster(machines, backup):
    machine = machines(started=False)
    machine.run(told("From a copy of the cluster", "bash"), BACKUP=backup)
    if os.geteuid() == 0:
        succeeds("chown", "-R", "postgres:", machine.cluster.parent)
    machine.start()
    return machine


# Where the services' data are, and what carries events: one database, one each, one with Kafka.
@pytest.mark.parametrize("way", ["one database", "a database a service", "kafka"])
def test_what_was_backed_up_is_there_again_on_another_machine(machines, kafka, way, tmp_path):
    first, backup = machines(), tmp_path / "backup"
    settings = {"DATA_DIR": str(first.data), "BOOKING_DOORS_OPEN_BEFORE_MIN": "100000"}
    apart = [f"of_{service}" for service in SERVICES] if way == "a database a service" else []
    for service, name in zip(SERVICES, apart):
        sql(first.url, f"CREATE DATABASE {name} OWNER ticketshow_owner")
        settings[f"DATABASE_{service.upper()}_URL"] = with_parameters(first.url, name, user=None)
    if way == "kafka":
        bus, server = kafka()
        settings |= bus

    platform = Platform(BINARY, first.platform, settings=settings)
    with platform:
        database = platform.database.name
        door = platform.admin()
        schedule, _ = platform.open_schedule(minimum_seats=60)
        poster = upload(door, door.get("/shows", limit=100)[0]["id"], sample_png(400, 600))["poster_url"]
        keeper, leaver = platform.user(wallet=5000), platform.user(wallet=5000)
        kept, balance = sell(keeper, schedule), keeper.balance()
        gone = sell(leaver, schedule)
        if way == "kafka":
            server.stop()  # what follows is on its way when the copy is made
        leaver.delete(f"/bookings/{gone['id']}")

        ended = threading.Event()
        selling = keep_selling(platform, [platform.user(wallet=100_000) for _ in range(3)], schedule, ended)
        try:
            back_up(first, backup, None if apart else database)
        finally:
            ended.set()
        assert sum(each.result(timeout=60) for each in selling) > 0

        late = platform.user(wallet=5000)
        lost = sell(late, schedule)
        platform.process.stop(signal.SIGKILL)
        first.lose()

        second = (restore_cluster if apart else restore_dump)(machines, backup)
        for name in apart or [database]:
            second.psql(name, told("What came after the back-up", "sql"))
            if way == "kafka":
                second.psql(name, told("With Kafka", "sql"))
        if way == "kafka":
            platform.settings |= kafka()[0]
        platform.database = Database(second.url, database)
        platform.settings["DATA_DIR"] = str(second.data)
        platform.directory = second.platform
        for setting in [name for name in platform.settings if re.fullmatch(r"DATABASE_(\w+_)?URL", name)]:
            name = urllib.parse.urlsplit(platform.settings[setting]).path.removeprefix("/")
            platform.settings[setting] = with_parameters(second.url, name, user=None)

        assert platform.command("migrate").count("is up to date") == len(SERVICES)
        platform.start()
        keeper.get("/auth/me")  # the token from before, by its key
        platform.client().login(keeper.account["email"], "correct horse")
        platform.client().post("/auth/login", 401, email=late.account["email"], password="correct horse")
        assert keeper.get(f"/bookings/{kept['id']}")["status"] == "CONFIRMED" and keeper.balance() == balance
        leaver.wait_for(f"/payments/booking/{gone['id']}", lambda seen: seen["status"] == "REFUNDED", timeout=60)
        assert leaver.balance() == "5000.00"
        assert requests.get(urllib.parse.urljoin(platform.url, poster), timeout=10).status_code == 200

        scanned = [door.post("/tickets/scan", code=each["tickets"][0]["code"], device="door")["outcome"] for each in (kept, lost)]
        assert scanned == ["ADMITTED", "FORGED"]
        assert sell(keeper, schedule)["id"] > lost["id"] + 500_000
        wait_until_kept(platform)


def wait_until_kept(platform, timeout=60):
    """Every promise, when what was on its way has come through."""
    give_up = time.monotonic() + timeout
    while (done := platform.command("check", check=False)).returncode != 0:
        assert time.monotonic() < give_up, done.stdout + done.stderr
        time.sleep(1)
