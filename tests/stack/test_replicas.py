"""What only a deployment of several processes can show: they come and go unseen, sell no seat twice, and reach what is theirs alone."""

import collections
import concurrent.futures
import itertools
import re
import secrets
import subprocess
import threading
import time

import pytest
import requests

from tests.e2e.test_defects import make_showing
from tests.harness import Client, sql, with_parameters
from tests.stack.deployment import DATABASES, REPLICAS


# ---- nobody notices that processes come and go

class Load:
    """People who browse, hold, pay and give back, one after the other, until it is left. What they ask for can be had: each answer that
    is none, or another than that, is kept as a failure."""

    def __init__(self, platform, people):
        self.platform = platform
        self.showing = make_showing(platform.admin(), capacity=300)
        self.failures = []
        self.answers = collections.Counter()
        self._over = threading.Event()
        self._seats = itertools.cycle(self.showing["seats"])
        users = [platform.user(wallet=100_000) for _ in range(people)]
        self._threads = [threading.Thread(target=self._go_on, args=(user,)) for user in users]

    def __enter__(self):
        for each in self._threads:
            each.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        for each in self._threads:
            each.join(60)

    def _go_on(self, user):
        schedule = self.showing["schedule"]["id"]
        while not self._over.is_set():
            self._ask(user, "GET", f"/bookings/schedule/{schedule}/seats")
            self._ask(user, "GET", "/shows")
            self._ask(user, "GET", "/search?q=tea")
            self._ask(user, "POST", "/auth/login", json={"email": user.account["email"], "password": "correct horse"})
            held = self._ask(user, "POST", "/bookings", 201, json={
                "schedule_id": schedule, "seat_ids": [next(self._seats)], "idempotency_key": secrets.token_hex(8)})
            if held is None:
                continue
            paid = self._ask(user, "POST", "/payments", 201, json={"booking_id": held["id"], "payment_method": "WALLET"})
            if paid is not None and paid["status"] != "COMPLETED":
                self.failures.append(f"the payment of {held['id']}: {paid}")
            self._ask(user, "GET", "/auth/wallet")
            self._ask(user, "DELETE", f"/bookings/{held['id']}")

    def _ask(self, user, verb, path, expect=200, **more):
        began = time.monotonic()
        try:
            answer = user.raw(verb, path, **more)
        except requests.RequestException as error:
            self.failures.append(f"{verb} {path}: {error}")
            return None
        self.answers[f"{verb} {path.split('?')[0].rstrip('0123456789')} {answer.status_code}"] += 1
        if answer.status_code != expect:
            self.failures.append(f"{verb} {path} after {time.monotonic() - began:.1f} s: {answer.status_code} {answer.text}")
            return None
        return answer.json()


def test_a_rolling_restart_of_all_processes_under_load_fails_no_request(deployment):
    with Load(deployment, people=4) as load:
        for each in deployment.processes.values():
            before = each.pid
            asked = sum(load.answers.values())
            each.stop()
            assert '"event":"stopped"' in each.log.read_text().splitlines()[-1], "it was not killed"
            each.start()
            assert each.pid != before
            give_up = time.monotonic() + 20
            while sum(load.answers.values()) < asked + 20:
                assert time.monotonic() < give_up, "the load stands still"
                time.sleep(0.05)
    assert load.failures == []
    done = {what.rsplit(" ", 1)[0] for what, count in load.answers.items() if what.endswith(("200", "201")) and count > 0}
    assert {"POST /bookings", "POST /payments", "POST /auth/login", "DELETE /bookings/"} <= done, load.answers


def test_a_replica_that_stops_says_so_before_it_goes(deployment):
    replica = deployment.processes["payment-2"]
    replica.stop()
    replica.start(DRAIN_NOTICE_S="3")
    stopping = threading.Thread(target=replica.stop)
    stopping.start()
    try:
        give_up = time.monotonic() + 3
        while (seen := requests.get(f"{replica.address()}/health/ready", timeout=5)).status_code == 200:
            assert time.monotonic() < give_up
            time.sleep(0.02)
        assert "stopping" in seen.json()["not_ready"]
        assert requests.get(f"{replica.address()}/health/live", timeout=5).status_code == 200
    finally:
        stopping.join()
        replica.start()


def test_when_a_booking_replica_dies_the_other_one_answers_for_it(deployment):
    user, made = deployment.user(), make_showing(deployment.admin())
    keeper = keeper_of(deployment, user, made["schedule"]["id"])
    keeper.kill()
    try:
        user.hold(made["schedule"]["id"], made["seats"][:1])
        assert user.get(f"/bookings/schedule/{made['schedule']['id']}/seats")[0]["is_locked"]
    finally:
        keeper.start()


# ---- one showing, one replica; and no seat twice without that

def holds_asked_of(replica):
    """How many holds the process has been asked for."""
    metrics = requests.get(f"{replica.address()}/metrics", timeout=5).text
    return sum(float(count) for labels, count in re.findall(r"^ticketshow_call_seconds_count\{(.*)\} (\S+)$", metrics, re.M)
               if {'binding="local"', 'endpoint="/bookings"', 'method="POST"'} <= set(labels.split(",")))


def keeper_of(deployment, user, schedule):
    """The booking process that is asked for holds of a showing."""
    replicas = deployment.replicas_of("booking")
    before = [holds_asked_of(each) for each in replicas]
    user.hold(schedule, [1], expect=422)
    [keeper] = [each for each, count in zip(replicas, before) if holds_asked_of(each) > count]
    return keeper


def test_holds_of_one_showing_go_to_one_booking_process_and_showings_to_both(deployment):
    user, admin = deployment.user(), deployment.admin()
    keepers = set()
    for _ in range(12):
        schedule = make_showing(admin, capacity=1)["schedule"]["id"]
        give_up = time.monotonic() + 10  # a gateway may leave one alone for a second that an earlier test has killed
        while len(asked := {keeper_of(deployment, user, schedule).name for _ in range(4)}) > 1:
            assert time.monotonic() < give_up, f"{asked} are asked in turn"
        keepers |= asked
    assert keepers == {"booking-1", "booking-2"}


@pytest.fixture
def gateways_apart(deployment):
    """Each gateway knows one booking process alone: nothing keeps the two from deciding the same seats at once."""
    gateways = deployment.replicas_of("gateway")
    for gateway, booking in zip(gateways, deployment.replicas_of("booking")):
        gateway.stop()
        gateway.start(BOOKING_URL=booking.address())
    yield [gateway.address() for gateway in gateways]
    for gateway in gateways:
        gateway.stop()
        gateway.start()


def test_two_booking_processes_never_sell_a_seat_twice(deployment, gateways_apart):
    made = make_showing(deployment.admin(), capacity=60)
    users = [deployment.user(wallet=100_000) for _ in range(8)]
    start = threading.Barrier(len(users))

    def fight(number):
        client = Client(gateways_apart[number % 2])
        client.token = users[number].token
        got = []
        start.wait()
        for seat in made["seats"]:
            answer = client.raw("POST", "/bookings", json={
                "schedule_id": made["schedule"]["id"], "seat_ids": [seat], "idempotency_key": secrets.token_hex(8)})
            assert answer.status_code in (201, 409), answer.text
            if answer.status_code == 201:
                got.append(seat)
                client.pay(answer.json()["id"])
        return got

    with concurrent.futures.ThreadPoolExecutor(len(users)) as pool:
        got = list(pool.map(fight, range(len(users))))
    sold = [seat for each in got for seat in each]
    assert len(sold) == len(set(sold)), "a seat was sold twice"
    assert set(sold) == set(made["seats"])
    assert any(got[0::2]) and any(got[1::2]), "both processes sold"
    claims = deployment.database.sql(f"SELECT count(*), count(DISTINCT seat_no) FROM booking.booking_seat "
                                     f"WHERE schedule_id = {made['schedule']['id']} AND live")
    assert claims == [["60", "60"]]


# ---- a role a service, with no more than it needs

@pytest.mark.parametrize("service", [name for name in DATABASES if name in REPLICAS])
def test_a_role_reaches_its_own_database_alone(deployment, service):
    role = f"ticketshow_{service}"
    for other, database in DATABASES.items():
        url = with_parameters(deployment.database(other).admin_url, user=role)
        if DATABASES[service] == database:
            sql(url, "SELECT 1")
            for statement in ("CREATE TABLE public.x ()", "CREATE SCHEMA x", f"DROP TABLE {service}.schema_migration",
                              f"CREATE TABLE {service}.x ()", "CREATE ROLE x", "SET ROLE ticketshow_owner"):
                with pytest.raises(AssertionError, match="permission denied|must be owner"):
                    sql(url, statement)
        else:
            with pytest.raises(AssertionError, match="permission denied for database"):
                sql(url, "SELECT 1")


def test_a_process_is_told_of_no_database_but_its_own(deployment):
    for replica in deployment.processes.values():
        told = {name for name in deployment.environment_of(replica) if re.fullmatch(r"TICKETSHOW_DATABASE_\w+_URL", name)}
        own = {f"TICKETSHOW_DATABASE_{name.upper()}_URL" for name in (replica.service, f"{replica.service}_index", "bus")}
        assert told <= own


# ---- what does not reach as far as the deployment is refused

def refusal_of(deployment, replica, **settings):
    environment = deployment.environment_of(deployment.processes[replica], INTERNAL_PORT="0", HTTP_PORT="0", **settings)
    done = subprocess.run([str(deployment.binary), "serve"], env=environment, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stderr.splitlines()[-1]


def test_what_does_not_reach_as_far_as_the_deployment_is_refused_with_a_sentence(deployment):
    assert "blob.adapter is disk, and catalog" in refusal_of(deployment, "gateway-1", BLOB_ADAPTER="disk")
    assert "booking.url names 2 processes" in refusal_of(deployment, "gateway-1", BOOKING_MAP_MAX_AGE_MS="0")
    assert "booking.map_max_age_ms is 0" in refusal_of(deployment, "booking-1", BOOKING_MAP_MAX_AGE_MS="0")
    assert "payment has a database of its own" in refusal_of(deployment, "payment-1", BUS_ADAPTER="pg", DATABASE_BUS_URL="")
    assert "auth.url must tell where it is" in refusal_of(deployment, "gateway-1", AUTH_URL="")
