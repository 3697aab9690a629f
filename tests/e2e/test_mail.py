"""Mail on the real binary: what customers hear of their bookings."""

import contextlib
import signal
import time

import pytest
import requests

from tests.e2e.conftest import platform_on
from tests.harness import mailbox, mails_to


@pytest.fixture(scope="module")
def mailing(request):
    """A platform whose mail goes to the mailbox of the tests."""
    yield from platform_on(request, mailbox)


def address_of(user):
    return user.account["email"]


def wait_for_mails(user, count, timeout=20):
    give_up = time.monotonic() + timeout
    while len(found := mails_to(address_of(user))) < count:
        assert time.monotonic() < give_up, f"{len(found)} of {count} mails came"
        time.sleep(0.05)
    return found


def kinds(mails):
    """The kinds of mails in the order in which they came, as their Message-IDs tell them."""
    return [mail["headers"]["message-id"].strip("<>").partition("@")[0].partition(".")[2] for mail in mails]


def test_a_customer_hears_of_the_booking_and_of_the_money_back(mailing):
    user = mailing.user(wallet="5000.00")
    schedule, free = mailing.open_schedule(user, minimum_seats=2)
    booking = user.hold(schedule["id"], free[:2])
    user.pay(booking["id"])
    [confirmed] = wait_for_mails(user, 1)
    assert kinds([confirmed]) == ["booking-confirmed"]
    assert booking["show_name"] in confirmed["text"] and str(booking["id"]) in confirmed["text"]
    assert booking["show_name"] in confirmed["subject"]

    user.delete(f"/bookings/{booking['id']}")
    assert kinds(wait_for_mails(user, 3)) == ["booking-confirmed", "refund-initiated", "refund-completed"]
    mailing.check()


def test_mail_is_in_the_language_of_the_account(mailing):
    user = mailing.user(wallet="5000.00")
    assert user.patch("/auth/me", language="hi")["language"] == "hi"
    schedule, free = mailing.open_schedule(user)
    user.pay(user.hold(schedule["id"], free[:1])["id"])
    [confirmed] = wait_for_mails(user, 1)
    assert confirmed["subject"].startswith("आपकी बुकिंग पक्की हो गई है")


def test_defect21_an_unpaid_booking_that_is_cancelled_makes_no_mail(mailing):
    user = mailing.user(wallet="5000.00")
    schedule, free = mailing.open_schedule(user, minimum_seats=2)
    unpaid = user.hold(schedule["id"], free[:1])
    user.delete(f"/bookings/{unpaid['id']}")
    paid = user.hold(schedule["id"], free[1:2])
    user.pay(paid["id"])
    mails = wait_for_mails(user, 1)  # the later one is there, so the earlier one would be
    assert kinds(mails) == ["booking-confirmed"] and str(paid["id"]) in mails[0]["text"]


# fault point: how often the mail comes
MAILING = {"mail.accepted": 2, "mail.recorded": 1}


@pytest.mark.one_process("its process crashes at a point")
@pytest.mark.parametrize("point", MAILING)
def test_defect23_a_crash_around_the_record_of_a_mail_sends_at_most_the_same_mail_again(mailing, point):
    user = mailing.user(wallet="5000.00")
    schedule, free = mailing.open_schedule(user)
    booking = user.hold(schedule["id"], free[:1])
    mailing.restart(signal.SIGTERM, FAULT_POINT=point)
    with contextlib.suppress(requests.RequestException):  # the answer may be lost with the process
        user.pay(booking["id"])
    assert mailing.process.child.wait(timeout=20) == -signal.SIGKILL
    mailing.start()
    # The attempt of the dead process keeps the mail for its lease, a minute: this test does not wait for that.
    mailing.database.sql("UPDATE notification.mail SET next_attempt_at = now() WHERE state = 'QUEUED'")
    mails = wait_for_mails(user, MAILING[point])
    assert len({mail["headers"]["message-id"] for mail in mails}) == 1
