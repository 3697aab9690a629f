"""How payments by card end that are not simply paid: sessions that expire, cards in process, holds that end, and the wallet instead."""

import concurrent.futures

import pytest

from tests.card_sandbox import SLOW_CARD, buy, enter_card, session_of, status, until

pytestmark = pytest.mark.usefixtures("ends_well")


def attempt_on(shop, payment):
    """The provider's payment behind a page."""
    session = session_of(payment["checkout_url"])
    return next(each for each in shop.cards.books()["sessions"] if each["session_id"] == session)["payment_ids"][-1]


def begin_slowly(shop, user, booking):
    """A payment whose card is in process, and the provider's payment."""
    payment = shop.begin(user, booking)
    enter_card(payment["checkout_url"], SLOW_CARD)
    return payment, attempt_on(shop, payment)


def settle(shop, attempt, how="succeeded"):
    shop.cards.call("POST", f"payments/{attempt}/settle", status=how)


def capture_of(shop, payment):
    """State and provider's payment of what was taken for it."""
    return shop.platform.database.sql(f"SELECT state, provider_payment_id FROM payment.capture WHERE payment_id = {payment['id']}")


# ---- cards in process

@pytest.mark.parametrize("how", ["succeeded", "failed", "cancelled"])
def test_a_card_in_process_is_what_its_settlement_makes_of_it(shop, how):
    user = shop.platform.user()
    booking = shop.hold(user)
    payment, attempt = begin_slowly(shop, user, booking)
    assert status(user, payment, "PENDING")["failure_reason"] is None
    settle(shop, attempt, how)
    if how == "succeeded":
        status(user, payment, "COMPLETED")
        return
    seen = user.wait_for(f"/payments/{payment['id']}", lambda seen: seen["failure_reason"])
    assert seen["status"] == "PENDING" and shop.begin(user, booking)["id"] == payment["id"], "not the end: another card may do"
    enter_card(payment["checkout_url"])
    status(user, payment, "COMPLETED")


def test_an_expired_session_takes_no_card_and_a_capture_on_it_counts(shop):
    user = shop.platform.user()
    booking = shop.hold(user)
    payment = shop.begin(user, booking)
    session = session_of(payment["checkout_url"])
    shop.cards.call("POST", f"sessions/{session}/expire")
    assert enter_card(payment["checkout_url"]) is None
    shop.platform.check()
    assert status(user, payment, "PENDING")["transaction_id"] is None
    captured = shop.cards.call("POST", f"sessions/{session}/capture")["payment_id"]  # begun before it expired
    assert status(user, payment, "COMPLETED")["transaction_id"] == captured


# ---- the wallet instead of the card

def test_a_page_stays_when_the_wallet_is_too_poor(shop):
    user = shop.platform.user(wallet=1)
    booking = shop.hold(user)
    payment = shop.begin(user, booking)
    assert user.pay(booking["id"], 402)["code"] == "INSUFFICIENT_FUNDS"
    assert shop.begin(user, booking)["checkout_url"] == payment["checkout_url"]
    enter_card(payment["checkout_url"])
    status(user, payment, "COMPLETED")
    assert user.balance() == "1.00"


def test_a_card_in_process_goes_back_when_the_wallet_has_paid(shop):
    user = shop.platform.user(wallet=10_000)
    booking = shop.hold(user)
    payment, attempt = begin_slowly(shop, user, booking)
    assert user.pay(booking["id"])["status"] == "COMPLETED"
    balance = user.balance()
    settle(shop, attempt)
    until(lambda: capture_of(shop, payment) == [["RETURNED", attempt]])
    assert len(shop.cards.refunds_of(attempt)) == 1
    assert user.balance() == balance and user.get(f"/payments/{payment['id']}")["status"] == "FAILED"


@pytest.mark.parametrize("turn", range(5))
def test_card_and_wallet_at_the_same_moment_pay_once_and_the_other_goes_back(shop, turn):
    user = shop.platform.user(wallet=10_000)
    booking = shop.hold(user)
    card, attempt = begin_slowly(shop, user, booking)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        settling = pool.submit(settle, shop, attempt)
        answer = user.raw("POST", "/payments", json={"booking_id": booking["id"], "payment_method": "WALLET"})
        settling.result()
    assert answer.status_code == 201, answer.text
    user.wait_for(f"/bookings/{booking['id']}", lambda seen: seen["status"] == "CONFIRMED")
    [[state, _]] = until(lambda: [each for each in capture_of(shop, card) if each[0] != "OWED"])
    assert len(shop.cards.refunds_of(attempt)) == (0 if state == "KEPT" else 1)
    assert (user.balance() == "10000.00") == (state == "KEPT")
    status(user, card, "COMPLETED" if state == "KEPT" else "FAILED")


# ---- pages that cannot be opened

def test_a_hold_that_ends_while_the_provider_is_away_ends_the_payment_and_says_why(shop):
    user = shop.platform.user()
    booking = shop.hold(user)
    shop.cards.fault("/checkouts", method="POST", status=503, times=None)
    payment = shop.begin(user, booking)
    assert (payment["status"], payment["checkout_url"]) == ("PENDING", None)
    shop.end_hold(booking)
    failed = status(user, payment, "FAILED", timeout=60)
    assert failed["failure_reason"] == "The hold of the seats ended before the card provider opened its page."
    assert user.post("/payments", 409, booking_id=booking["id"], payment_method="DODO")["code"] == "BOOKING_NOT_PAYABLE"


# ---- refunds

@pytest.mark.parametrize("cut", ["before", "after"])
def test_defect_14_a_refund_is_found_again_although_the_list_does_not_say_whose_it_is(shop, cut):
    user = shop.platform.user()
    shop.cards.turn(metadata_in_refund_list=False)
    booking, payment = buy(shop, user)
    shop.cards.fault("/refunds", method="POST", cut=cut)
    user.delete(f"/bookings/{booking['id']}")
    status(user, payment, "REFUNDED", timeout=30)
    assert len(shop.cards.refunds_of(payment["transaction_id"])) == 1
