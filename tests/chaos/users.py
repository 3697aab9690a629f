"""Those who buy: the customers of tools/sim.py, in a world in which anything may go wrong."""

import subprocess
import time

import requests

from tests.card_sandbox import BAD_CARD, GOOD_CARD, SLOW_CARD
from tests.chaos.caller import Caller
from tests.chaos.history import OK, REFUSED, UNKNOWN, Call
from tools.sim import PASSWORD, Customer

THINKS_S = 6  # on average, between two visits
# Of those who pay. The provider allows a hundred calls a minute, and a payment by card takes some.
BY_CARD = 0.07
FILL_BY_CARD = 0.01
BYSTANDERS_OF_A_PAGE = 0.2  # leave the card page without paying
WALLET = 20_000_00  # in minor units


class User(Caller, Customer):
    """A customer that pays by wallet or by card, fills the wallet, looks after what it bought, and gives up at times."""

    def __init__(self, number, seed, url, history, random, stopping, showings, credit):
        super().__init__(url, f"chaos-{seed}-{number}@ticketshow.example", PASSWORD, history, random, stopping)
        self.showings = showings  # those of the admins: small, and everybody goes there
        self.credit = credit  # the operator's command: user, amount, reference → subprocess.CompletedProcess
        self.filled = False
        self.venues = []

    def register(self):
        self.send("register", "POST", "/auth/register", (201, 409),
                  json={"email": self.email, "password": self.password, "username": self.email.partition("@")[0]})
        self.sign_in()
        self.who = self.send("account", "GET", "/auth/me")["id"]

    def live(self):
        while not self.stopping.is_set():
            self.wait(self.random.expovariate(1 / THINKS_S))
            if not self.stopping.is_set():
                self.visit()

    def compare(self, operation, given, again):
        """The checker does."""

    # ---- what it does in a visit (Customer.visit)

    def browse(self):
        if self.random.random() < 0.1:
            self.send("search", "GET", "/search", params={"q": self.random.choice(("tiger", "lihgthuose", "chaos", "show"))})
        crowded = self.showings.any(self.random)
        if crowded is None or self.random.random() < 0.4:
            return super().browse()
        shown = self.send("seat map", "GET", f"/bookings/schedule/{crowded}/seats") or []
        return {"id": crowded}, [seat["id"] for seat in shown if seat["is_available"]]

    def pay(self, booking):
        if self.random.random() < FILL_BY_CARD:
            self.top_up()
        if self.random.random() < BY_CARD:
            paid = self.pay_by_card(booking)
        else:
            self.fill_wallet()
            paid = super().pay(booking)
        if self.random.random() < 0.3:
            self.send("look", "GET", f"/bookings/{booking['id']}")
        return paid

    def cancel(self, booking):
        for _ in range(2 if self.twice() else 1):
            self.send("cancel", "DELETE", f"/bookings/{booking['id']}")
        if self.random.random() < 0.3:
            self.send("look", "GET", f"/bookings/{booking['id']}")

    # ---- cards

    def pay_by_card(self, booking):
        payment = self.wish("pay", "/payments", {"booking_id": booking["id"], "payment_method": "DODO"})
        return payment is not None and self.use_page("look at payment", f"/payments/{payment['id']}", payment)

    def top_up(self):
        begun = self.wish("top up", "/payments/top-up", {"amount": self.random.choice((500, 1000)),
                                                         "idempotency_key": f"{self.random.getrandbits(64):x}-{time.time_ns()}"})
        if begun:
            self.use_page("look at top-up", f"/payments/top-ups/{begun['id']}", begun)

    def use_page(self, operation, path, payment):
        """Waits for the page, pays there or not, and waits for what becomes of it. Says whether it is paid."""
        for _ in range(5):
            if payment.get("checkout_url") or payment["status"] != "PENDING":
                break
            self.wait(1)
            payment = self.send(operation, "GET", path) or payment
        if not payment.get("checkout_url") or self.random.random() < BYSTANDERS_OF_A_PAGE:
            return False
        for card in self.random.choice(((GOOD_CARD,), (GOOD_CARD,), (GOOD_CARD,), (BAD_CARD, GOOD_CARD), (BAD_CARD,), (SLOW_CARD,))):
            self.enter_card(payment["checkout_url"], card)
        for _ in range(8):
            payment = self.send(operation, "GET", path) or payment
            if payment["status"] != "PENDING" or self.stopping.is_set():
                break
            self.wait(1)
        return payment["status"] == "COMPLETED"

    def enter_card(self, page, card):
        """At the provider's, not at ours."""
        began, outcome, code = time.time(), OK, ""
        try:
            answer = requests.post(page, data=card, allow_redirects=False, timeout=20)
            if answer.status_code >= 400:
                outcome, code = REFUSED, str(answer.status_code)
        except requests.RequestException as error:
            outcome, code = UNKNOWN, type(error).__name__
        self.history.add(Call(self.who, "enter card", page, {"card": card["number"]}, began, time.time(), outcome, code))

    # ---- the wallet

    def fill_wallet(self):
        """By the operator, once, under a reference that is the account's: whoever does not know asks again."""
        if self.filled:
            return
        reference = f"chaos:{self.who}"
        wanted = {"user": self.who, "amount": WALLET, "reference": f"operator:{reference}"}  # as the ledger has it
        began = time.time()
        try:
            self.filled = self.credit(self.who, WALLET, reference).returncode == 0
        except subprocess.TimeoutExpired:
            pass
        self.history.add(Call(0, "fill wallet", "", wanted, began, time.time(), OK if self.filled else UNKNOWN))
