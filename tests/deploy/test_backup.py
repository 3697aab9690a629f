"""What docs/operations.md tells to do is done: a platform that sells is backed up, lost, and restored elsewhere."""

import concurrent.futures
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import urllib.parse

import pytest
import requests

from tests.deploy.conftest import BINARY, ROOT, succeeds
from tests.e2e.test_posters import sample_png, upload
from tests.harness import Platform, sql, with_parameters

OPERATIONS = (ROOT / "docs/operations.md").read_text()
SERVICES = ["auth", "catalog", "booking", "payment", "search", "search_index", "notification", "bus"]


def told(heading, language):
    """The block of this language below the heading."""
    section = re.search(rf"^##+ {heading}\n(.*?)(?=^##)", OPERATIONS, re.M | re.S).group(1)
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

    def run(self, script, **more):
        done = subprocess.run(["bash", "-euc", script], env=self.environment(**more), capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr

    def lose(self):
        self.scripted("remove")
        shutil.rmtree(self.place, ignore_errors=True)


@pytest.fixture
def machines(monkeypatch):
    """Makes machines; the harness works on the latest."""
    made = []

    def make(started=True):
        made.append(Machine())
        if started:
            made[-1].start()
            monkeypatch.setenv("TICKETSHOW_TEST_DATABASE_URL", made[-1].url)
        return made[-1]

    yield make
    for each in made:
        each.lose()


def settings_of(machine, platform):
    """Where the platform finds its data on this machine: one database, or those of a database a service."""
    url = with_parameters(machine.url, user=None)
    for name in [name for name in platform.settings if re.fullmatch(r"DATABASE_(\w+_)?URL", name)]:
        database = urllib.parse.urlsplit(platform.settings[name]).path.removeprefix("/")
        platform.settings[name] = with_parameters(url, database)
    platform.settings["DATA_DIR"] = str(machine.data)
    platform.directory = machine.platform


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


@pytest.mark.parametrize("way", ["dump", "cluster"])
def test_what_was_backed_up_is_there_again_on_another_machine(machines, way, tmp_path):
    first, backup = machines(), tmp_path / "backup"
    settings = {"DATA_DIR": str(first.data), "BOOKING_DOORS_OPEN_BEFORE_MIN": "100000"}
    databases = [f"of_{service}" for service in SERVICES] if way == "cluster" else []
    for service, name in zip(SERVICES, databases):
        sql(first.url, f"CREATE DATABASE {name} OWNER ticketshow_owner")
        settings[f"DATABASE_{service.upper()}_URL"] = with_parameters(first.url, name, user=None)

    platform = Platform(BINARY, first.platform, settings=settings)
    with platform:
        admin, door = platform.admin(), platform.client().login(*platform.accounts["ADMIN"])
        schedule, _ = platform.open_schedule(minimum_seats=60)
        show = admin.get("/shows", limit=100)[0]
        poster = upload(admin, show["id"], sample_png(400, 600))["poster_url"]
        keeper, leaver = platform.user(wallet=5000), platform.user(wallet=5000)
        kept = sell(keeper, schedule)
        balance = keeper.balance()
        gone = sell(leaver, schedule)
        leaver.delete(f"/bookings/{gone['id']}")  # its money is on its way

        ended = threading.Event()
        selling = keep_selling(platform, [platform.user(wallet=100_000) for _ in range(3)], schedule, ended)
        try:
            first.run(told("All services in one database" if way == "dump" else "A database a service", "bash"),
                      BACKUP=backup, DATABASE=platform.database.name)
        finally:
            ended.set()
        assert sum(each.result(timeout=60) for each in selling) > 0

        late = platform.user(wallet=5000)
        lost = sell(late, *platform.open_schedule(minimum_seats=20)[:1])
        platform.process.stop(signal.SIGKILL)
        first.lose()

        second = machines(started=way == "dump")
        script = told("From a dump" if way == "dump" else "From a copy of the cluster", "bash")
        if way == "dump":
            second.run(script, BACKUP=backup)
        else:
            second.cluster.parent.mkdir()
            subprocess.run(["bash", "-euc", script], env={**os.environ, "BACKUP": str(backup), "DATA": str(second.data),
                                                          "CLUSTER": str(second.cluster)}, check=True, timeout=60)
            if os.geteuid() == 0:
                shutil.chown(second.cluster.parent, "postgres", "postgres")
                subprocess.run(["chown", "-R", "postgres:", second.cluster], check=True)
            second.start()
            os.environ["TICKETSHOW_TEST_DATABASE_URL"] = second.url
        settings_of(second, platform)
        for name in databases or [platform.database.name]:
            second.run(f'psql -Xq -v ON_ERROR_STOP=1 --dbname "{name}" <<\'SQL\'\n{told("What was after the back-up", "sql")}SQL\n')
        platform.database.url = with_parameters(second.url, platform.database.name, user=None)
        platform.database.admin_url = with_parameters(second.url, platform.database.name)

        assert platform.command("migrate").count("is up to date") == len(SERVICES)
        platform.start()
        keeper.get("/auth/me")  # the token from before, by its key
        platform.client().login(keeper.account["email"], "correct horse")
        platform.client().post("/auth/login", 401, email=late.account["email"], password="correct horse")
        assert keeper.get(f"/bookings/{kept['id']}")["status"] == "CONFIRMED" and keeper.balance() == balance
        leaver.wait_for(f"/payments/booking/{gone['id']}", lambda seen: seen["status"] == "REFUNDED", timeout=30)
        assert requests.get(urllib.parse.urljoin(platform.url, poster), timeout=10).status_code == 200

        scanned = [door.post("/tickets/scan", code=ticket["code"], device="door")["outcome"]
                   for ticket in (kept["tickets"][0], lost["tickets"][0])]
        assert scanned == ["ADMITTED", "FORGED"]
        assert sell(keeper, schedule)["id"] > lost["id"] + 500_000
        platform.check()
