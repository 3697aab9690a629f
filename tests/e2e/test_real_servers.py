"""The flows over the servers that others run at scale: Kafka between the services, OpenSearch for search, a mailbox for mail."""

import signal
import threading
import time

import pytest
import requests

from tests.e2e import test_crash, test_events
from tests.e2e.conftest import BINARY
from tests.e2e.test_defects import in_days, make_showing
from tests.e2e.test_mail import kinds, wait_for_mails
from tests.harness import Platform, mailbox
from tests.stack.kafka import Kafka
from tests.stack.opensearch import OpenSearch


@pytest.fixture(scope="module")
def kafka(tmp_path_factory):
    server = Kafka(tmp_path_factory.mktemp("kafka"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def opensearch(tmp_path_factory):
    server = OpenSearch(tmp_path_factory.mktemp("opensearch"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def platform(kafka, opensearch, tmp_path_factory):
    settings = {"BUS_ADAPTER": "kafka", "KAFKA_BROKERS": kafka.address(), "SEARCH_ADAPTER": "elastic",
                "SEARCH_ELASTIC_URL": opensearch.address(), **mailbox()}
    with Platform(BINARY, tmp_path_factory.mktemp("platform"), settings=settings) as started:
        yield started


def not_ready(platform):
    """What the process says of itself."""
    return requests.get(f"{platform.url}/health/ready", timeout=5).json()["not_ready"]


def wait_until(condition, timeout, what):
    give_up = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < give_up, what
        time.sleep(0.1)


def test_a_booking_is_paid_mailed_cancelled_and_given_back(platform):
    user = platform.user(wallet=1000)
    schedule, free = platform.open_schedule(user, minimum_seats=2)
    booking = user.hold(schedule["id"], free[:2])
    user.pay(booking["id"])
    assert kinds(wait_for_mails(user, 1)) == ["booking-confirmed"]
    user.delete(f"/bookings/{booking['id']}")
    user.wait_for(f"/payments/booking/{booking['id']}", lambda seen: seen["status"] == "REFUNDED")
    assert kinds(wait_for_mails(user, 3)) == ["booking-confirmed", "refund-initiated", "refund-completed"]
    assert user.balance() == "1000.00"
    platform.check()


def test_a_payment_that_fails_is_mailed(platform):
    user = platform.user()
    schedule, free = platform.open_schedule(user)
    booking = user.hold(schedule["id"], free[:1])
    user.pay(booking["id"], expect=402)
    assert kinds(wait_for_mails(user, 1)) == ["payment-failed"]


def test_a_showing_that_moves_is_sold_at_its_new_time(platform):
    admin = platform.admin()
    made = make_showing(admin)
    moved = in_days(25)
    admin.patch(f"/schedules/{made['schedule']['id']}", start_time=moved.isoformat())
    booking = platform.user().hold_when_on_sale(made["schedule"]["id"], made["seats"][:1])
    assert booking["show_time"] == admin.get(f"/schedules/{made['schedule']['id']}")["start_time"] != made["schedule"]["start_time"]


def test_dead_letters_are_replayed_and_dropped(platform):
    test_events.test_defect_23_a_poison_message_stops_nobody_and_is_replayed_after_a_fix(platform, platform.user(wallet=1000))
    test_events.test_a_dropped_dead_letter_is_gone_and_counts_as_handled(platform)


@pytest.mark.parametrize("point", ["outbox.published", "consumer.effect_made"])
def test_a_cascade_cut_off_comes_to_its_end(platform, point):
    test_crash.test_defects_20_and_22_a_cascade_cut_off_at_any_step_comes_to_its_end(platform, point)


def test_a_show_is_found_once_it_is_made(platform):
    admin = platform.admin()
    show = admin.post("/shows", 201, title="Vermilion Observatory", duration_minutes=100, price=250, description="At night.")

    def found():
        answer = admin.raw("GET", "/search", params={"q": "vermillion obs"})  # 503 until the first index is built
        return answer.status_code == 200 and show["id"] in [each["id"] for each in answer.json()["shows"]]
    wait_until(found, 15, "the show was not found")


def test_what_was_cut_off_between_effect_and_commit_has_one_effect(platform):
    user = platform.user(wallet=1000)
    schedule, free = platform.open_schedule(user)
    booking = user.hold(schedule["id"], free[:1])
    user.pay(booking["id"])
    wait_for_mails(user, 1)
    platform.restart(FAULT_POINT="consumer.effect_committed")
    user.delete(f"/bookings/{booking['id']}")
    assert platform.process.child.wait(timeout=30) == -signal.SIGKILL
    platform.start()
    user.wait_for(f"/payments/booking/{booking['id']}", lambda seen: seen["status"] == "REFUNDED", timeout=60)
    assert kinds(wait_for_mails(user, 3, timeout=60)) == ["booking-confirmed", "refund-initiated", "refund-completed"]
    assert user.balance() == "1000.00"
    platform.check()


def test_kafka_away_for_a_minute_under_load_loses_nothing(platform, kafka):
    """People book, pay and cancel meanwhile; when it is back, every refund is made and every mail sent, once."""
    users = [platform.user(wallet=100_000) for _ in range(3)]
    schedule, free = platform.open_schedule(minimum_seats=60)
    back = threading.Event()
    cancelled = {user.account["id"]: [] for user in users}
    failures = []

    def live(user, seats):
        for seat in seats:
            if back.is_set():
                return
            try:
                booking = user.hold(schedule["id"], [seat])
                user.pay(booking["id"])
                user.delete(f"/bookings/{booking['id']}")
                cancelled[user.account["id"]].append(booking["id"])
            except (requests.RequestException, AssertionError) as error:
                failures.append(error)
            time.sleep(0.5)

    threads = [threading.Thread(target=live, args=(user, free[index::3] * 20)) for index, user in enumerate(users)]
    kafka.kill()
    for thread in threads:
        thread.start()
    # None of booking's events leave: after a minute it says so, beside the bus.
    wait_until(lambda: {"event bus", "booking"} <= set(not_ready(platform)), 90, "booking calls itself ready")
    kafka.start()
    time.sleep(2)
    back.set()
    for thread in threads:
        thread.join()
    assert not failures, failures[:3]
    wait_until(lambda: not not_ready(platform), 30, "it did not become ready again")
    assert all(len(ids) > 20 for ids in cancelled.values())

    for user in users:
        for booking in cancelled[user.account["id"]]:
            user.wait_for(f"/payments/booking/{booking}", lambda seen: seen["status"] == "REFUNDED", timeout=60)
        assert user.balance() == "100000.00"
        mails = wait_for_mails(user, 3 * len(cancelled[user.account["id"]]), timeout=60)
        assert len({mail["headers"]["message-id"] for mail in mails}) == len(mails)
    platform.check()
