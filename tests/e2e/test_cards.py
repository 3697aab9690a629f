"""Payments by card on the sandbox, with most of its switches; after each test nothing is under way and every invariant holds."""

import base64
import hashlib
import hmac
import json
import secrets
import time

import pytest
import requests

from tests.card_sandbox import BAD_CARD, buy, enter_card, reconcile, session_of_payment, status, until, wait_until_at_rest

pytestmark = pytest.mark.usefixtures("ends_well")


# ---- the way it usually goes

def test_a_card_payment_confirms_its_booking_within_a_second_of_the_webhook(shop):
    user = shop.platform.user()
    booking = shop.hold(user)
    payment = shop.begin(user, booking)
    assert payment["status"] == "PENDING" and shop.begin(user, booking)["checkout_url"] == payment["checkout_url"]
    back = enter_card(payment["checkout_url"])
    paid_at = time.monotonic()
    assert f"/checkout/{booking['id']}" in back
    payment = status(user, payment, "COMPLETED")
    assert time.monotonic() - paid_at < 2, "a second, and some for this machine"
    assert payment["transaction_id"].startswith("pay_")
    assert user.get(f"/bookings/{booking['id']}")["status"] == "CONFIRMED"


def test_a_cancelled_booking_goes_back_to_its_card_once(shop):
    user = shop.platform.user(wallet=10)
    booking, payment = buy(shop, user)
    user.delete(f"/bookings/{booking['id']}")
    status(user, payment, "REFUNDED")
    assert len(shop.cards.refunds_of(payment["transaction_id"])) == 1
    assert user.balance() == "10.00"


def test_a_declined_card_may_be_followed_by_another(shop):
    user = shop.platform.user()
    payment = shop.begin(user, shop.hold(user))
    enter_card(payment["checkout_url"], BAD_CARD)
    user.wait_for(f"/payments/{payment['id']}", lambda seen: seen["failure_reason"])
    enter_card(payment["checkout_url"])
    status(user, payment, "COMPLETED")


def test_the_wallet_is_filled_by_card_once(shop):
    user = shop.platform.user()
    wish = {"amount": 500, "idempotency_key": secrets.token_hex(8)}
    begun = user.post("/payments/top-up", 201, **wish)
    assert user.post("/payments/top-up", 201, **wish)["id"] == begun["id"]
    shop.cards.turn(webhooks={"copies": 3})
    enter_card(begun["checkout_url"])
    user.wait_for(f"/payments/top-ups/{begun['id']}", lambda seen: seen["status"] == "COMPLETED")
    wallet = user.get("/auth/wallet")
    assert wallet["current_amount"] == "500.00" and len(wallet["transactions"]) == 1
    assert shop.platform.user().get(f"/payments/top-ups/{begun['id']}", 404)["code"] == "PAYMENT_NOT_FOUND"


def test_who_turns_to_the_wallet_is_not_charged_twice(shop):
    user = shop.platform.user(wallet=10_000)
    booking = shop.hold(user)
    card = shop.begin(user, booking)
    assert user.pay(booking["id"])["status"] == "COMPLETED"
    enter_card(card["checkout_url"])
    captured = until(lambda: shop.platform.database.sql(
        f"SELECT provider_payment_id FROM payment.capture WHERE payment_id = {card['id']} AND state = 'RETURNED'"))
    assert len(shop.cards.refunds_of(captured[0][0])) == 1
    assert user.get(f"/payments/{card['id']}")["status"] == "FAILED"


# ---- messages that come twice, late, in another order, never, or from somebody else

@pytest.mark.parametrize("webhooks", [{"copies": 5}, {"delay_ms": 1500}, {"drop": True}], ids=["twice", "late", "never"])
def test_defect_11_a_payment_is_made_once_however_its_messages_come(shop, webhooks):
    user = shop.platform.user()
    booking = shop.hold(user)
    payment = shop.begin(user, booking)
    shop.cards.turn(webhooks=webhooks)
    enter_card(payment["checkout_url"])
    status(user, payment, "COMPLETED", timeout=60)  # a lost message is made up for by looking, while somebody waits
    assert len(user.get("/payments")) == 1


def test_defect_12_messages_in_another_order_change_nothing_of_what_is_true(shop):
    user = shop.platform.user()
    shop.cards.turn(webhooks={"hold": True}, attempts="new_payment")
    payment = shop.begin(user, shop.hold(user))
    enter_card(payment["checkout_url"], BAD_CARD)
    enter_card(payment["checkout_url"])
    shop.cards.call("POST", "webhooks/release", order="reversed")
    paid = status(user, payment, "COMPLETED")
    shop.cards.call("POST", "webhooks", type="dispute.cancelled", data={"payment_id": paid["transaction_id"]})
    shop.cards.call("POST", "webhooks", type="payment.failed", data={"payment_id": paid["transaction_id"]})
    shop.cards.call("POST", "webhooks", type="something.new", data={})
    wait_until_at_rest(shop)
    assert user.get(f"/payments/{payment['id']}")["status"] == "COMPLETED"


@pytest.mark.parametrize("corrupt", ["signature", "timestamp", "body"])
def test_a_forged_message_is_refused_and_nothing_of_it_is_kept(shop, corrupt):
    before = shop.platform.database.sql("SELECT count(*) FROM payment.notice")
    sent = shop.cards.call("POST", "webhooks", type="payment.succeeded", data={"payment_id": "pay_x"}, corrupt=corrupt)
    delivery = until(lambda: next((each for each in shop.cards.books()["deliveries"]
                                   if each["attempts"] and sent.get("webhook_id", sent.get("id")) in json.dumps(each)), None))
    assert delivery["attempts"][0]["status"] == 401
    assert shop.platform.database.sql("SELECT count(*) FROM payment.notice") == before


def signed(secret, body, when=None):
    when = str(int(when or time.time()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, b".".join([b"msg_test_" + when.encode(), when.encode(), body]), hashlib.sha256).digest()
    return {"webhook-id": f"msg_test_{when}", "webhook-timestamp": when, "webhook-signature": f"v1,{base64.b64encode(digest).decode()}"}


def test_security_6_an_altered_byte_an_old_time_and_no_signature_are_all_told_the_same(shop):
    url = f"{shop.platform.url}/api/v1/payments/webhook"
    secret = shop.cards.settings["DODO_WEBHOOK_SECRETS"].split(",")[0]
    body = json.dumps({"business_id": "b", "type": "payment.succeeded", "timestamp": "2026-01-01T00:00:00Z",
                       "data": {"payload_type": "Payment", "payment_id": "pay_unknown"}}).encode()
    good = requests.post(url, data=body, headers=signed(secret, body), timeout=20)
    assert good.status_code == 204, good.text
    refused = [
        requests.post(url, data=body.replace(b"pay_", b"pax_"), headers=signed(secret, body), timeout=20),
        requests.post(url, data=body, headers=signed(secret, body, time.time() - 600), timeout=20),
        requests.post(url, data=body, timeout=20),
        requests.post(url, data=body, headers=signed(base64.b64encode(b"x" * 24).decode(), body), timeout=20)]
    assert {(each.status_code, each.json()["code"], each.json().get("detail")) for each in refused} == \
        {(401, "WEBHOOK_REFUSED", refused[0].json().get("detail"))}


@pytest.mark.one_process("restarts with another secret")
def test_security_6_both_secrets_are_good_while_one_replaces_the_other(shop):
    user = shop.platform.user()
    old = shop.cards.settings["DODO_WEBHOOK_SECRETS"]
    fresh = base64.b64encode(secrets.token_bytes(24)).decode()
    shop.platform.restart(DODO_WEBHOOK_SECRETS=f"whsec_{fresh},{old}")
    buy(shop, user)
    shop.platform.restart()


# ---- a provider that is slow, fails, or does what nobody asked for

def test_a_slow_and_a_failing_provider_are_waited_out(shop):
    user = shop.platform.user()
    booking = shop.hold(user)
    shop.cards.fault("/checkouts", method="POST", status=500, times=1)
    payment = shop.begin(user, booking)
    if not payment["checkout_url"]:
        payment = user.wait_for(f"/payments/{payment['id']}", lambda seen: seen["checkout_url"])
    shop.cards.fault("/payments/*", status=503, times=2)
    shop.cards.fault("/payments/*", delay_ms=500, times=1)
    enter_card(payment["checkout_url"])
    status(user, payment, "COMPLETED", timeout=30)


@pytest.mark.parametrize("amount", [100, 10_000_000])
def test_defect_11_a_wrong_amount_confirms_nothing_and_goes_back(shop, amount):
    user = shop.platform.user()
    booking = shop.hold(user)
    payment = shop.begin(user, booking)
    shop.cards.turn(capture_amount=amount)
    enter_card(payment["checkout_url"])
    failed = status(user, payment, "FAILED")
    assert "another amount" in failed["failure_reason"]
    assert user.get(f"/bookings/{booking['id']}")["status"] == "PENDING"
    user.delete(f"/bookings/{booking['id']}")


def test_defect_11_a_second_capture_goes_back_and_the_first_is_kept(shop):
    user = shop.platform.user()
    _, payment = buy(shop, user)
    session = session_of_payment(shop, payment)
    second = shop.cards.call("POST", f"sessions/{session}/capture")["payment_id"]
    until(lambda: shop.cards.refunds_of(second))
    wait_until_at_rest(shop)
    assert not shop.cards.refunds_of(payment["transaction_id"])
    assert user.get(f"/payments/{payment['id']}")["status"] == "COMPLETED"


def test_defect_2_a_capture_after_the_hold_takes_the_same_seats_again(shop):
    user = shop.platform.user()
    booking = shop.hold(user)
    payment = shop.begin(user, booking)
    shop.end_hold(booking)
    user.wait_for(f"/bookings/{booking['id']}", lambda seen: seen["status"] == "EXPIRED")
    enter_card(payment["checkout_url"])
    status(user, payment, "COMPLETED")
    assert user.get(f"/bookings/{booking['id']}")["status"] == "CONFIRMED"


def test_defect_2_a_capture_for_seats_that_were_sold_meanwhile_goes_back(shop):
    late, quick = shop.platform.user(), shop.platform.user(wallet=10_000)
    schedule, free = shop.platform.open_schedule(late)
    booking = late.hold(schedule["id"], free[:1])
    payment = shop.begin(late, booking)
    shop.end_hold(booking)
    late.wait_for(f"/bookings/{booking['id']}", lambda seen: seen["status"] == "EXPIRED")
    shop.platform.restart()  # the seat map in memory knows a hold by the time at which it was to end
    quick.pay(quick.hold(schedule["id"], free[:1])["id"])
    enter_card(payment["checkout_url"])
    back = status(late, payment, "REFUNDED")
    assert "seats" in back["failure_reason"]
    assert len(shop.cards.refunds_of(back["transaction_id"])) == 1


def test_nobody_is_sent_to_a_page_for_a_hold_that_is_about_to_end(shop):
    user = shop.platform.user()
    booking = shop.hold(user)
    shop.platform.database.sql(f"UPDATE booking.booking SET expires_at = now() + interval '20 seconds' WHERE id = {booking['id']}")
    assert user.post("/payments", 409, booking_id=booking["id"], payment_method="DODO")["code"] == "BOOKING_NOT_PAYABLE"
    user.delete(f"/bookings/{booking['id']}")


# ---- refunds

@pytest.mark.parametrize("cut", ["before", "after"])
def test_defect_14_a_refund_whose_answer_was_lost_is_made_once(shop, cut):
    user = shop.platform.user()
    booking, payment = buy(shop, user)
    shop.cards.fault("/refunds", method="POST", cut=cut)
    user.delete(f"/bookings/{booking['id']}")
    status(user, payment, "REFUNDED", timeout=30)
    assert len(shop.cards.refunds_of(payment["transaction_id"])) == 1


@pytest.mark.parametrize("state", ["pending", "review"])
def test_a_refund_under_way_is_back_only_when_the_provider_says_so(shop, state):
    user = shop.platform.user()
    booking, payment = buy(shop, user)
    shop.cards.turn(refunds=state)
    user.delete(f"/bookings/{booking['id']}")
    refund = until(lambda: shop.cards.refunds_of(payment["transaction_id"]))[0]
    assert user.get(f"/payments/{payment['id']}")["status"] == "REFUND_INITIATED"
    assert shop.platform.command("check", check=False).returncode == 0, "it is under way, legally"
    shop.cards.call("POST", f"refunds/{refund['refund_id']}/settle", status="succeeded")
    status(user, payment, "REFUNDED")


def test_a_refund_that_keeps_failing_is_shown_to_an_operator_who_tries_again(shop):
    user = shop.platform.user()
    booking, payment = buy(shop, user)
    shop.cards.turn(refunds="failed")
    user.delete(f"/bookings/{booking['id']}")
    line = until(lambda: next((line for line in shop.platform.command("payments", "failed-refunds").splitlines()
                               if payment["transaction_id"] in line), None), timeout=40)
    assert "STUCK" in line and len(shop.cards.refunds_of(payment["transaction_id"])) == 5
    assert shop.platform.command("payments", "reconcile", check=False).returncode == 1

    shop.cards.turn(refunds="succeeded")
    shop.platform.command("payments", "retry-refund", line.split("\t")[0])
    status(user, payment, "REFUNDED", timeout=30)


def test_a_refund_that_keeps_failing_is_tried_again_by_the_web(shop):
    user, admin = shop.platform.user(), shop.platform.admin()
    booking, payment = buy(shop, user)
    shop.cards.turn(refunds="failed")
    user.delete(f"/bookings/{booking['id']}")
    failed = until(lambda: next((each for each in admin.get("/payments/failed-refunds")
                                 if each["provider_payment_id"] == payment["transaction_id"]), None), timeout=40)
    assert (failed["booking_id"], failed["attempts"], failed["amount"]) == (booking["id"], 5, booking["total_amount"])
    user.call("POST", f"/payments/failed-refunds/{failed['id']}/retry", 403)

    shop.cards.turn(refunds="succeeded")
    admin.call("POST", f"/payments/failed-refunds/{failed['id']}/retry", 204)
    status(user, payment, "REFUNDED", timeout=30)
    assert admin.call("POST", f"/payments/failed-refunds/{failed['id']}/retry", 404)["code"] == "FAILED_REFUND_NOT_FOUND"


@pytest.mark.one_process("stops the one process")
def test_the_reconciler_finds_what_no_message_told(shop):
    user = shop.platform.user()
    payment = shop.begin(user, shop.hold(user))
    shop.cards.turn(webhooks={"drop": True})
    shop.platform.process.stop()  # nobody looks
    enter_card(payment["checkout_url"])
    report = reconcile(shop)
    assert "its capture had been missed" in report and "repaired" in report
    shop.platform.start()
    status(user, payment, "COMPLETED")
