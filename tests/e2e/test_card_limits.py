"""The provider's limit of calls is everybody's: what one account may use of it, and how all share it."""

import concurrent.futures
import secrets

import pytest
import requests

from tests.card_sandbox import buy, enter_card, status

pytestmark = pytest.mark.usefixtures("ends_well")


def at_once(count, work):
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        return list(pool.map(work, range(count)))



def test_many_customers_at_once_all_get_their_pages_within_the_providers_limit(shop):
    shop.cards.turn(rate_limit=True)
    people = [shop.platform.user() for _ in range(12)]
    bookings = [shop.hold(each) for each in people]
    payments = at_once(12, lambda i: shop.begin(people[i], bookings[i]))
    for user, begun in zip(people, payments, strict=True):
        payment = begun if begun["checkout_url"] else user.wait_for(
            f"/payments/{begun['id']}", lambda seen: seen["checkout_url"], timeout=90)
        enter_card(payment["checkout_url"])
    for user, payment in zip(people, payments, strict=True):
        status(user, payment, "COMPLETED", timeout=90)


def test_one_account_cannot_use_up_the_calls_of_all(shop):
    greedy, other, buyer = (shop.platform.user() for _ in range(3))
    bought, paid = buy(shop, buyer)
    shop.cards.turn(rate_limit=True)

    def fill(_):
        return greedy.raw("POST", "/payments/top-up", json={"amount": 500, "idempotency_key": secrets.token_hex(8)})
    answers = at_once(40, fill)
    assert sorted({each.status_code for each in answers}) == [201, 429]
    assert sum(each.status_code == 201 for each in answers) == 3
    refused = next(each for each in answers if each.status_code == 429)
    assert refused.json()["code"] == "TOO_MANY_REQUESTS" and "top-ups wait for their card" in refused.json()["detail"]
    assert 3000 < int(refused.headers["Retry-After"]) <= 3600

    payment = shop.begin(other, shop.hold(other))
    assert payment["checkout_url"], "somebody else waits for nothing"
    buyer.delete(f"/bookings/{bought['id']}")
    status(buyer, paid, "REFUNDED", timeout=30)
    other.delete(f"/bookings/{payment['booking_id']}")


def test_an_account_begins_only_so_many_payments_by_card_within_an_hour(shop):
    shop.platform.restart(CARDS_PAGES_PER_HOUR="2")
    user = shop.platform.user(wallet=10_000)
    for _ in range(2):  # to give the seats back does not give the pages back
        booking = shop.hold(user)
        shop.begin(user, booking)
        user.delete(f"/bookings/{booking['id']}")
    booking = shop.hold(user)
    refused = user.raw("POST", "/payments", json={"booking_id": booking["id"], "payment_method": "DODO"})
    assert refused.status_code == 429 and 3000 < int(refused.headers["Retry-After"]) <= 3600
    assert refused.json()["detail"] == "An account may begin 2 payments by card within an hour. Please wait for 60 min."
    assert user.pay(booking["id"])["status"] == "COMPLETED", "the wallet is not limited"
    shop.platform.restart()


def forgeries_counted(shop):
    lines = requests.get(f"{shop.platform.url}/metrics", timeout=10).text.splitlines()
    return next((float(line.split()[-1]) for line in lines if line.startswith("ticketshow_payment_webhooks_refused_total")), 0)


def test_a_flood_of_forged_messages_is_one_line_in_the_log_and_all_are_counted(shop):
    shop.platform.restart()
    url = f"{shop.platform.url}/api/v1/payments/webhook"
    with open(shop.platform.process.log, encoding="utf-8") as log:
        log.seek(0, 2)
        answers = at_once(50, lambda _: requests.post(url, data=b"{}", timeout=20).status_code)
        assert set(answers) == {401} and forgeries_counted(shop) == 50
        assert sum("not the card provider's" in line for line in log) == 1
