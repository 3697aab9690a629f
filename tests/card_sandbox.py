"""A card sandbox of a test's own (sandbox/README.md), begun in the one that ./test starts, and a platform that takes cards there."""

import os
import time
import urllib.parse

import requests

from tests.harness import Platform, free_port

GOOD_CARD = {"number": "4242424242424242", "expiry": "12/34", "cvc": "123", "name": "Ann"}
BAD_CARD = {**GOOD_CARD, "number": "4000000000000002"}
SLOW_CARD = {**GOOD_CARD, "number": "4000000000003220"}  # stays in process until it is settled


class CardSandbox:
    """A sandbox by the settings with which a platform reaches it."""

    def __init__(self, settings):
        self.settings = settings
        self.url = settings["DODO_URL"]

    def call(self, verb, where, /, **given):
        answer = requests.request(verb, f"{self.url}/sandbox/{where}", json=given, timeout=20)
        assert answer.status_code == 200, f"{verb} {where}: {answer.status_code} {answer.text}"
        return answer.json()

    def turn(self, **switches):
        self.call("PATCH", "switches", **switches)

    def quiet(self):
        """All switches as they were, and no limit of calls: one test makes more than a minute's."""
        self.call("DELETE", "switches")
        self.turn(rate_limit=False, webhooks={"retry_scale": 0.02})

    def fault(self, path, **how):
        """The next call of a path goes wrong."""
        self.call("POST", "faults", path=path, **how)

    def books(self):
        return requests.get(f"{self.url}/sandbox/books", timeout=20).json()

    def refunds_of(self, payment_id):
        return [each for each in self.books()["refunds"] if each["payment_id"] == payment_id]


class OwnSandbox(CardSandbox):
    """Begun in the one that ./test starts."""

    def __init__(self, webhook_url):
        self.parent = os.environ.get("TICKETSHOW_TEST_SANDBOX")
        assert self.parent, "TICKETSHOW_TEST_SANDBOX is not set; run this suite through ./test"
        begun = requests.post(f"{self.parent}/sandbox/others", json={"webhook_url": webhook_url}, timeout=20)
        assert begun.status_code == 200, begun.text
        super().__init__({name.removeprefix("TICKETSHOW_"): value for name, value in begun.json().items()})

    def end(self):
        port = urllib.parse.urlsplit(self.url).port
        requests.post(f"{self.parent}/sandbox/others/{port}/end", timeout=20)


def session_of(checkout_url):
    return next(part for part in urllib.parse.urlsplit(checkout_url).path.split("/") if part.startswith("cks_"))


def enter_card(checkout_url, card=None):
    """What the browser sends when somebody pays on the page; where it is sent then."""
    answer = requests.post(checkout_url, data=card or GOOD_CARD, allow_redirects=False, timeout=20)
    return answer.headers.get("Location")


# Tests wait for no answer as long as people do.
IMPATIENT = {"CARDS_CALL_TIME_S": "3", "CARDS_REFUND_DOUBT_S": "3", "CARDS_REFUND_RETRY_S": "0"}


class Shop:
    """A platform that takes cards, and its sandbox."""

    def __init__(self, platform, cards):
        self.platform = platform
        self.cards = cards

    def hold(self, user, seats=1):
        schedule, free = self.platform.open_schedule(user, seats)
        return user.hold(schedule["id"], free[:seats])

    def begin(self, user, booking):
        return user.post("/payments", booking_id=booking["id"], payment_method="DODO")

    def end_hold(self, booking):
        """Its time passes."""
        self.platform.database.sql(f"""SET session_replication_role = replica;
            UPDATE booking.booking SET created_at = now() - interval '1 hour', expires_at = now() - interval '1 second'
            WHERE id = {booking['id']}""")


class CardPlatform(Shop):
    """Both begun for a test."""

    def __init__(self, binary, directory, settings=None, posters=False):
        port = free_port()
        cards = OwnSandbox(f"http://127.0.0.1:{port}/api/v1/payments/webhook")
        cards.quiet()
        super().__init__(Platform(binary, directory, posters=posters, settings={
            **cards.settings, "CARDS_ADAPTER": "dodo", **IMPATIENT, "HTTP_PORT": str(port), **(settings or {})}), cards)
        self.platform.port = port

    def __enter__(self):
        self.platform.__enter__()
        return self

    def __exit__(self, *error):
        self.platform.__exit__(*error)
        self.cards.end()


def wait_until_at_rest(shop, timeout=40):
    unfinished = """SELECT 'payment', id::text, step::text FROM payment.payment WHERE in_flight
        UNION ALL SELECT 'capture', id::text, state::text FROM payment.capture WHERE state = 'OWED'
        UNION ALL SELECT 'notice', id, type FROM payment.notice WHERE handled_at IS NULL"""
    give_up = time.monotonic() + timeout
    while left := shop.platform.database.sql(unfinished):
        assert time.monotonic() < give_up, left
        time.sleep(0.1)


def reconcile(shop):
    done = shop.platform.command("payments", "reconcile", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def status(user, payment, expected, timeout=15):
    return user.wait_for(f"/payments/{payment['id']}", lambda seen: seen["status"] == expected, timeout)


def buy(shop, user):
    """A booking that is paid by card."""
    booking = shop.hold(user)
    payment = shop.begin(user, booking)
    enter_card(payment["checkout_url"])
    return booking, status(user, payment, "COMPLETED")


def until(condition, timeout=20):
    give_up = time.monotonic() + timeout
    while not (seen := condition()):
        assert time.monotonic() < give_up
        time.sleep(0.1)
    return seen


def session_of_payment(shop, payment):
    return shop.platform.database.sql(f"SELECT session_id FROM payment.checkout WHERE payment_id = {payment['id']}")[0][0]
