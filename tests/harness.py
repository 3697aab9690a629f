"""One deployment of the real binary on a throw-away database, and clients that speak its API."""

import itertools
import json
import os
import pathlib
import secrets
import signal
import socket
import subprocess
import time
import urllib.parse

import requests

COUNTER = itertools.count()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_cluster():
    url = os.environ.get("TICKETSHOW_TEST_DATABASE_URL")
    assert url, "TICKETSHOW_TEST_DATABASE_URL is not set; run this suite through ./test"
    return url


def with_parameters(url, database=None, **parameters):
    """The URL with another database and with query parameters added or (None) taken away."""
    parts = urllib.parse.urlsplit(url)
    query = dict(urllib.parse.parse_qsl(parts.query))
    for name, value in parameters.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    path = f"/{database}" if database else parts.path
    # urlunsplit would drop the empty host's slashes
    return f"{parts.scheme}://{parts.netloc}{path}?{urllib.parse.urlencode(query, safe='/')}"


def sql(url, statement):
    """Runs SQL as the superuser and returns rows of text."""
    done = subprocess.run(
        ["psql", url, "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", statement],
        capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return [line.split("\t") for line in done.stdout.splitlines() if line]


class Database:
    """A database of a cluster, which is told by its superuser's URL."""

    def __init__(self, cluster, name):
        self.cluster = cluster
        self.name = name
        self.admin_url = with_parameters(cluster, name)
        self.url = with_parameters(cluster, name, user=None)

    def create(self):
        """Makes it, and its owner, where they are not there."""
        sql(self.cluster,
            "DO $$ BEGIN CREATE ROLE ticketshow_owner LOGIN CREATEROLE; "
            "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$")
        if not sql(self.cluster, f"SELECT 1 FROM pg_database WHERE datname = '{self.name}'"):
            sql(self.cluster, f"CREATE DATABASE {self.name} OWNER ticketshow_owner")

    def sql(self, statement):
        return sql(self.admin_url, statement)

    def drop(self):
        sql(self.cluster, f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")


class Process:
    """One process of the binary."""

    def __init__(self, binary, environment, log, port, arguments=()):
        self.port = port
        self.log = log
        self.started = time.monotonic()
        with open(log, "ab") as output:
            self.child = subprocess.Popen(
                [str(binary), "serve", *arguments], env=environment, stdout=output, stderr=output)

    def wait_ready(self, path="/health/ready", timeout=90):
        """Answers after how many seconds it was. One that is not ready in time is ended: nobody else would."""
        give_up = time.monotonic() + timeout
        while time.monotonic() < give_up:
            if self.child.poll() is not None:
                raise AssertionError(f"the server ended with {self.child.returncode}:\n{self.tail()}")
            try:
                if requests.get(f"http://127.0.0.1:{self.port}{path}", timeout=2).status_code == 200:
                    return time.monotonic() - self.started
            except requests.RequestException:
                pass
            time.sleep(0.02)
        self.stop(signal.SIGKILL)
        raise AssertionError(f"not ready after {timeout} s:\n{self.tail()}")

    def tail(self, lines=20):
        return "\n".join(pathlib.Path(self.log).read_text(errors="replace").splitlines()[-lines:])

    def stop(self, how=signal.SIGTERM, timeout=30):
        if self.child.poll() is None:
            self.child.send_signal(how)
        return self.child.wait(timeout=timeout)


def mailbox():
    """The settings with which a platform's mail goes to the mailbox of the tests (tests/stack/mailbox.py)."""
    url = os.environ.get("TICKETSHOW_TEST_MAILBOX")
    assert url, "TICKETSHOW_TEST_MAILBOX is not set; run this suite through ./test"
    return {"MAIL_SMTP_URL": url}


def mails_to(address):
    """The mails in the mailbox to this address, as maildev shows them, in the order in which they came."""
    api = os.environ["TICKETSHOW_TEST_MAILBOX_HTTP"] + "/api/email"
    return requests.get(api, params={"envelope.to.address": address, "sort": "asc"}, timeout=10).json()


# Tests sign in far more often from one address than people do.
UNHURRIED = {f"RATE_{whose}_{limit}": "100000" for whose in ("SIGN_IN", "ADDRESS", "ACCOUNT") for limit in ("PER_S", "BURST")}


class System:
    """What a running platform is to tests, however many processes it has: a place for its files, settings, commands of
    the operator, and people. A kind of system says where its `url` is."""

    url = None

    def __init__(self, binary, directory, settings):
        self.binary = pathlib.Path(binary).resolve()
        self.directory = pathlib.Path(directory)
        self.settings = settings
        self.accounts = {}

    def environment(self, **more):
        return {**os.environ, **{f"TICKETSHOW_{name}": value for name, value in {**self.settings, **more}.items()}}

    def command(self, *arguments, check=True, stdin=""):
        done = subprocess.run([str(self.binary), *arguments], env=self.environment(), input=stdin,
                              capture_output=True, text=True, timeout=120, check=False)
        if check:
            assert done.returncode == 0, f"{arguments}: {done.stdout}\n{done.stderr}"
            return done.stdout
        return done

    def seed(self, *options):
        """Loads the sample data, and knows its accounts from then on."""
        for line in self.command("seed", *options).splitlines():
            if line.startswith("account\t"):
                _, role, email, password = line.split("\t")
                self.accounts[role] = (email, password)

    def client(self):
        return Client(self.url)

    def user(self, wallet=None):
        """A new account, signed in; `wallet` puts that many major units into its wallet."""
        client = self.client()
        email = f"user{next(COUNTER)}.{secrets.token_hex(4)}@example.com"
        client.account = client.post("/auth/register", email=email, password="correct horse",
                                     username="Test User", expect=201)
        client.login(email, "correct horse")
        if wallet is not None:
            self.fill_wallet(client.account["id"], wallet)
        return client

    def fill_wallet(self, user_id, major_units):
        self.command("wallet", "credit", "--user", str(user_id), "--amount", str(major_units),
                     "--reference", f"test:{secrets.token_hex(8)}")

    def admin(self):
        return self.client().login(*self.accounts["ADMIN"])

    def check(self):
        """`ticketshow check`: fails with its report when an invariant is broken."""
        done = self.command("check", check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def open_schedule(self, client=None, minimum_seats=1):
        """A showing of the sample data that is on sale and has at least so many free seats."""
        client = client or self.client()
        for venue in client.get("/venues", limit=100):
            for schedule in client.get(f"/schedules/venue/{venue['id']}"):
                seats = client.get(f"/bookings/schedule/{schedule['id']}/seats")
                free = [seat["id"] for seat in seats if seat["is_available"]]
                if len(free) >= minimum_seats and starts_in(schedule) > 600:
                    return schedule, free
        raise AssertionError("no showing is on sale")


class Platform(System):
    """A database and a process that runs all targets."""

    def __init__(self, binary, directory, sample_data=True, settings=None, posters=False):
        self.database = Database(test_cluster(), f"e2e_{os.getpid()}_{next(COUNTER)}_{secrets.token_hex(3)}")
        self.database.create()
        self.port = free_port()
        self.process = None
        # Nobody reads the mail of most tests; mailbox() is for those that do.
        super().__init__(binary, directory, {
            "DATABASE_URL": self.database.url, "DATA_DIR": str(pathlib.Path(directory) / "data"), "HTTP_PORT": str(self.port),
            "MAIL_SMTP_URL": "smtp://127.0.0.1:9", "MAIL_TLS": "none", "DRAIN_IDLE_MS": "0", **UNHURRIED, **(settings or {})})
        self.sample_data = sample_data
        self.posters = posters

    def __enter__(self):
        self.command("migrate")
        if self.sample_data:
            self.seed(*([] if self.posters else ["--no-posters"]))
        self.start()
        return self

    def __exit__(self, *_):
        if self.process:
            self.process.stop()
        self.database.drop()

    def start(self, **settings):
        self.process = Process(self.binary, self.environment(**settings), self.directory / "server.log", self.port)
        return self.process.wait_ready()

    def restart(self, how=signal.SIGTERM, **settings):
        self.process.stop(how)
        return self.start(**settings)

    def restart_quietly(self, **settings):
        """Restarts when every event is handled: nothing of an earlier test goes on in the next life."""
        give_up = time.monotonic() + 30
        while self.database.sql("""
                SELECT 1 FROM bus.progress p JOIN bus.partition q ON q.topic = p.topic AND q.number = p.partition
                WHERE q.next_position > p.next_position
                UNION ALL SELECT 1 FROM catalog.outbox WHERE published_at IS NULL
                UNION ALL SELECT 1 FROM booking.outbox WHERE published_at IS NULL
                UNION ALL SELECT 1 FROM payment.outbox WHERE published_at IS NULL"""):
            assert time.monotonic() < give_up, "events are still on their way"
            time.sleep(0.05)
        return self.restart(**settings)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"


def starts_in(schedule):
    import datetime
    start = datetime.datetime.fromisoformat(schedule["start_time"].replace("Z", "+00:00"))
    return (start - datetime.datetime.now(datetime.timezone.utc)).total_seconds()


class Client:
    """One user of the API. Answers are checked against the expected status; problems come back as their JSON."""

    def __init__(self, url):
        self.url = url
        self.session = requests.Session()
        self.token = None
        self.account = None

    def login(self, email, password):
        self.token = self.post("/auth/login", email=email, password=password)["access_token"]
        return self

    def raw(self, method, path, headers=None, **arguments):
        merged = {**({"Authorization": f"Bearer {self.token}"} if self.token else {}), **(headers or {})}
        return self.session.request(method, f"{self.url}/api/v1{path}", headers=merged, timeout=30, **arguments)

    def call(self, method, path, expect, **arguments):
        answer = self.raw(method, path, **arguments)
        assert answer.status_code == expect, f"{method} {path}: {answer.status_code} {answer.text}"
        return json.loads(answer.text, parse_float=str) if answer.text else None

    def get(self, path, expect=200, **query):
        return self.call("GET", path, expect, params=query)

    def post(self, path, expect=None, **body):
        expect = expect or (201 if path in ("/bookings", "/payments") else 200)
        return self.call("POST", path, expect, json=body)

    def patch(self, path, expect=200, **body):
        return self.call("PATCH", path, expect, json=body)

    def delete(self, path, expect=200):
        return self.call("DELETE", path, expect)

    def hold(self, schedule_id, seat_ids, key=None, expect=201):
        return self.post("/bookings", expect, schedule_id=schedule_id, seat_ids=seat_ids,
                         idempotency_key=key or secrets.token_hex(8))

    def hold_when_on_sale(self, schedule_id, seat_ids, timeout=10):
        """Right after a showing has moved, its sale begins again with the news of it."""
        key = secrets.token_hex(8)
        give_up = time.monotonic() + timeout
        while True:
            answer = self.raw("POST", "/bookings", json={"schedule_id": schedule_id, "seat_ids": seat_ids, "idempotency_key": key})
            if answer.status_code == 201:
                return json.loads(answer.text, parse_float=str)
            assert answer.json()["code"] == "SALES_CLOSED" and time.monotonic() < give_up, answer.text
            time.sleep(0.02)

    def pay(self, booking_id, expect=201, **more):
        return self.post("/payments", expect, booking_id=booking_id, payment_method="WALLET", **more)

    def balance(self):
        return self.get("/auth/wallet")["current_amount"]

    def wait_for(self, path, condition, timeout=10):
        """Polls until the condition holds of what the path answers."""
        give_up = time.monotonic() + timeout
        while True:
            seen = self.get(path)
            if condition(seen):
                return seen
            assert time.monotonic() < give_up, f"{path} stayed {seen}"
            time.sleep(0.05)
