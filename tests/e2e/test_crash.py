"""kill -9 at every step of hold, pay and cancel, then a restart: nothing acknowledged is lost, no money is, no seat is sold twice."""

import secrets
import signal
import threading

import pytest
import requests

from tests.harness import Client

PAYING = ["payment.intent_recorded", "payment.debited", "payment.capture_recorded", "payment.settled", "payment.completed"]
REFUNDING = ["booking.cancelled", "outbox.committed", "outbox.published", "consumer.effect_made", "consumer.effect_committed",
             "payment.refund_credited", "payment.refund_completed"]


def crashes(platform, act):
    """Runs `act`, during or after which the server must kill itself at its fault point."""
    try:
        act()
    except (requests.RequestException, AssertionError):
        pass  # the answer never came
    assert platform.process.child.wait(timeout=15) == -signal.SIGKILL


@pytest.mark.parametrize("point", PAYING)
def test_a_payment_cut_off_at_any_step_ends_well(platform, point):
    user = platform.user(wallet=1000)
    schedule, free = platform.open_schedule(user)
    booking = user.hold(schedule["id"], free[:1])
    platform.restart(FAULT_POINT=point)
    crashes(platform, lambda: user.pay(booking["id"]))
    platform.start()

    payment = user.wait_for(f"/payments/booking/{booking['id']}", lambda seen: seen["status"] != "PENDING", timeout=30)
    assert payment["status"] == "COMPLETED"
    assert user.get(f"/bookings/{booking['id']}")["status"] == "CONFIRMED"
    assert float(user.balance()) == 1000 - float(booking["total_amount"])
    platform.check()


@pytest.mark.parametrize("point", REFUNDING)
def test_a_cancellation_cut_off_at_any_step_gives_the_money_back_once(platform, point):
    user = platform.user(wallet=1000)
    schedule, free = platform.open_schedule(user)
    booking = user.hold(schedule["id"], free[:1])
    user.pay(booking["id"])
    platform.restart(FAULT_POINT=point)
    crashes(platform, lambda: user.delete(f"/bookings/{booking['id']}"))
    platform.start()

    user.wait_for(f"/payments/booking/{booking['id']}", lambda seen: seen["status"] == "REFUNDED", timeout=30)
    assert user.get(f"/bookings/{booking['id']}")["status"] == "CANCELLED"
    assert user.balance() == "1000.00"
    platform.check()


def test_a_hold_cut_off_after_its_commit_is_answered_by_its_key(platform):
    user = platform.user()
    schedule, free = platform.open_schedule(user)
    key = secrets.token_hex(8)
    platform.restart(FAULT_POINT="booking.held")
    crashes(platform, lambda: user.hold(schedule["id"], free[:2], key=key))
    platform.start()

    booking = user.hold(schedule["id"], free[:2], key=key)
    assert [each["id"] for each in user.get("/bookings")] == [booking["id"]]
    platform.check()


def test_what_was_acknowledged_under_load_survives_a_kill(platform):
    schedule, free = platform.open_schedule(minimum_seats=40)
    users = [platform.user(wallet=100_000) for _ in range(6)]
    acknowledged = {user.account["id"]: [] for user in users}
    enough = threading.Event()

    def buy(user, seats):
        client = Client(platform.url)
        client.token = user.token
        for seat in seats:
            try:
                booking = client.hold(schedule["id"], [seat])
                acknowledged[user.account["id"]].append((booking["id"], "PENDING"))
                if client.pay(booking["id"])["status"] == "COMPLETED":
                    acknowledged[user.account["id"]][-1] = (booking["id"], "CONFIRMED")
            except requests.RequestException:
                return  # killed
            if sum(map(len, acknowledged.values())) >= 15:
                enough.set()

    threads = [threading.Thread(target=buy, args=(user, free[index::6])) for index, user in enumerate(users)]
    for thread in threads:
        thread.start()
    assert enough.wait(30)
    platform.process.stop(signal.SIGKILL)
    for thread in threads:
        thread.join()
    platform.start()

    for user in users:
        for booking_id, least in acknowledged[user.account["id"]]:
            seen = user.wait_for(f"/bookings/{booking_id}", lambda seen, least=least: least == "PENDING" or seen["status"] == least)
            assert seen["status"] in ("PENDING", "CONFIRMED")
        user.wait_for("/payments?limit=100", lambda seen: all(each["status"] == "COMPLETED" for each in seen), timeout=30)
    platform.check()
