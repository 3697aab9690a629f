"""Who pays more than once on one page, and what the provider tells of it or does not: one capture is kept, all else is back."""

import os
import random
import signal

import pytest

from tests.card_sandbox import (BAD_CARD, GOOD_CARD, SLOW_CARD, CardPlatform, buy, enter_card, reconcile, session_of_payment, status, until,
                                wait_until_at_rest)
from tests.e2e.conftest import BINARY


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    with CardPlatform(BINARY, tmp_path_factory.mktemp("card_twice"), {"CARDS_LIST_S": "1", "CARDS_PAGES_PER_HOUR": "1000"}) as started:
        yield started
        reconcile(started)


pytestmark = pytest.mark.usefixtures("ends_well")


def payments_on(shop, payment):
    session = session_of_payment(shop, payment)
    return [each for each in shop.cards.books()["payments"] if each["checkout_session_id"] == session]


def back(shop, payment_id):
    return [each for each in shop.cards.refunds_of(payment_id) if each["status"] == "succeeded"]


def expect_one_kept(shop, payment):
    """The sandbox's books: of all that was taken on the page one is kept, or none, and the rest is back once."""
    taken = [each["payment_id"] for each in payments_on(shop, payment) if each["status"] == "succeeded"]
    until(lambda: sum(len(back(shop, each)) for each in taken) >= len(taken) - 1, timeout=40)
    wait_until_at_rest(shop)
    assert all(len(back(shop, each)) <= 1 for each in taken)
    return [each for each in taken if not back(shop, each)]


def test_the_switch_second_capture_lets_a_page_be_paid_twice_and_one_is_kept(shop):
    user = shop.platform.user()
    shop.cards.turn(second_capture=True, attempts="new_payment")
    _, payment = buy(shop, user)
    enter_card(shop.platform.database.sql(f"SELECT url FROM payment.checkout WHERE payment_id = {payment['id']}")[0][0])
    assert expect_one_kept(shop, payment) == [payment["transaction_id"]]
    assert len(payments_on(shop, payment)) == 2


def test_two_captures_of_which_no_message_tells_are_found_and_one_is_kept(shop):
    user = shop.platform.user()
    payment = shop.begin(user, shop.hold(user))
    shop.cards.turn(second_capture=True, attempts="new_payment", webhooks={"drop": True})
    enter_card(payment["checkout_url"])
    enter_card(payment["checkout_url"])
    paid = status(user, payment, "COMPLETED", timeout=60)
    assert expect_one_kept(shop, payment) == [paid["transaction_id"]]


def test_a_capture_in_another_currency_confirms_nothing_and_goes_back(shop):
    user = shop.platform.user()
    booking = shop.hold(user)
    payment = shop.begin(user, booking)
    wrong = shop.cards.call("POST", f"sessions/{session_of_payment(shop, payment)}/capture", currency="USD")["payment_id"]
    failed = status(user, payment, "FAILED")
    assert "another amount" in failed["failure_reason"]
    until(lambda: back(shop, wrong))
    assert user.get(f"/bookings/{booking['id']}")["status"] == "PENDING"
    user.delete(f"/bookings/{booking['id']}")


def test_a_refund_of_which_no_message_tells_completes_all_the_same(shop):
    user = shop.platform.user()
    booking, payment = buy(shop, user)
    shop.cards.turn(refunds="pending", webhooks={"drop": True, "only": ["refund.succeeded", "refund.failed"]})
    user.delete(f"/bookings/{booking['id']}")
    refund = until(lambda: shop.cards.refunds_of(payment["transaction_id"]))[0]
    shop.cards.call("POST", f"refunds/{refund['refund_id']}/settle", status="succeeded")
    status(user, payment, "REFUNDED", timeout=60)
    assert len(back(shop, payment["transaction_id"])) == 1


def test_a_booking_that_is_cancelled_while_its_card_is_being_charged_is_given_back(shop):
    user = shop.platform.user()
    booking = shop.hold(user)
    payment = shop.begin(user, booking)
    enter_card(payment["checkout_url"], SLOW_CARD)
    slow = until(lambda: payments_on(shop, payment))[0]
    assert slow["status"] == "processing"
    user.delete(f"/bookings/{booking['id']}")
    shop.cards.call("POST", f"payments/{slow['payment_id']}/settle", status="succeeded")
    until(lambda: back(shop, slow["payment_id"]), timeout=40)
    wait_until_at_rest(shop)
    assert user.get(f"/bookings/{booking['id']}")["status"] == "CANCELLED"
    assert user.get(f"/payments/{payment['id']}")["status"] in ("FAILED", "REFUNDED")
    assert len(back(shop, slow["payment_id"])) == 1


def test_a_dispute_is_shown_to_operators(shop):
    user = shop.platform.user()
    _, payment = buy(shop, user)
    shop.cards.call("POST", "webhooks", type="dispute.opened", data={"payment_id": payment["transaction_id"]})
    until(lambda: f"dispute.opened\t{payment['transaction_id']}\tpayment {payment['id']}" in shop.platform.command("payments", "disputes"))


def test_whatever_is_tried_on_a_page_and_whatever_is_told_of_it_one_capture_is_kept(shop):
    seed = int(os.environ.get("TICKETSHOW_TEST_SEED") or random.SystemRandom().randrange(2**32))
    print(f"to replay: TICKETSHOW_TEST_SEED={seed}")
    dice = random.Random(seed)
    begun = []
    for _ in range(6):
        user = shop.platform.user()
        shop.cards.turn(second_capture=True, attempts="new_payment")
        payment = shop.begin(user, shop.hold(user))
        begun.append((user, payment))
        for _ in range(dice.randint(2, 3)):
            shop.cards.turn(webhooks={"drop": dice.random() < 0.5, "copies": dice.randint(1, 3),
                                      "delay_ms": dice.choice([0, 0, 300]), "hold": dice.random() < 0.3})
            enter_card(payment["checkout_url"], dice.choice([GOOD_CARD, GOOD_CARD, BAD_CARD, SLOW_CARD]))
        if dice.random() < 0.4:
            shop.platform.process.stop(signal.SIGKILL)
            shop.platform.start()
        shop.cards.call("POST", "webhooks/release", order=dice.choice(["kept", "reversed"]))
    shop.cards.turn(webhooks={"drop": True})
    for _, payment in begun:
        for each in payments_on(shop, payment):
            if each["status"] == "processing":
                shop.cards.call("POST", f"payments/{each['payment_id']}/settle", status=dice.choice(["succeeded", "failed"]))
    for user, payment in begun:
        taken = [each for each in payments_on(shop, payment) if each["status"] == "succeeded"]
        if not taken:
            continue
        paid = status(user, payment, "COMPLETED", timeout=90)
        assert expect_one_kept(shop, payment) == [paid["transaction_id"]], seed
