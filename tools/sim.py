"""A simulation of customers against a running platform: ./run sim. Everything goes through the public HTTP API.

Each customer is a thread with a random generator of its own, made from the seed and the customer's number: it browses, holds
seats that look free, pays, cancels, walks away from a hold, and sends requests again with the same key as after a lost
answer. A refusal is part of the game; an answer that breaks a promise is a surprise, is shown, and makes the exit code 1.
"""

import argparse
import collections
import random
import subprocess
import sys
import threading
import time

import requests

PASSWORD = "a customer of the simulation"
WALLET = "100000.00"


class Tally:
    """What all customers did."""

    def __init__(self):
        self.lock = threading.Lock()
        self.took = collections.defaultdict(list)  # operation → seconds
        self.refused = collections.Counter()  # code
        self.surprises = []

    def note(self, operation, seconds):
        with self.lock:
            self.took[operation].append(seconds)

    def refuse(self, code):
        with self.lock:
            self.refused[code] += 1

    def surprise(self, sentence):
        with self.lock:
            self.surprises.append(sentence)

    def operations(self):
        with self.lock:
            return sum(map(len, self.took.values()))


class Customer:
    """One account, and what it does."""

    def __init__(self, number, options, tally):
        self.random = random.Random(f"{options.seed}:{number}")
        self.email = f"sim-{options.seed}-{number}@ticketshow.example"
        self.api = f"{options.url}/api/v1"
        self.tally = tally
        self.session = requests.Session()

    def send(self, operation, method, path, expected=(200, 201), **arguments):
        """The answer's JSON, or None when it was refused. Waits and repeats when told to."""
        while True:
            began = time.monotonic()
            answer = self.session.request(method, self.api + path, timeout=30, **arguments)
            if answer.status_code == 429:
                self.tally.refuse("TOO_MANY_REQUESTS")
                time.sleep(float(answer.headers.get("Retry-After", 1)))
                continue
            self.tally.note(operation, time.monotonic() - began)
            if answer.status_code in expected:
                return answer.json()
            code = answer.json().get("code", "")
            if code == "NOT_AUTHENTICATED" and operation != "sign in":
                self.sign_in()
                continue
            self.tally.refuse(code)
            if answer.status_code >= 500:
                self.tally.surprise(f"{method} {path}: {answer.status_code} {answer.text}")
            return None

    def register(self):
        """The account of this seed and number, which an earlier simulation may have made. Gives its id."""
        self.send("register", "POST", "/auth/register", (200, 201, 409),
                  json={"email": self.email, "password": PASSWORD, "username": self.email.split("@")[0]})
        self.sign_in()
        return self.send("account", "GET", "/auth/me")["id"]

    def sign_in(self):
        signed_in = self.send("sign in", "POST", "/auth/login", json={"email": self.email, "password": PASSWORD})
        if signed_in is None:
            raise SystemExit(f"sim: {self.email} cannot sign in; choose another --seed")
        self.session.headers["Authorization"] = f"Bearer {signed_in['access_token']}"

    def live(self, until):
        """Goes on until then; a network that fails is a surprise."""
        try:
            while time.monotonic() < until:
                self.visit()
        except requests.RequestException as error:
            self.tally.surprise(f"{self.email}: {error}")

    def visit(self):
        schedule, seats = self.browse()
        if not seats:
            return
        # Neighbours, from among the first: where everybody wants to sit.
        first = self.random.randrange(min(len(seats), 40))
        booking = self.hold(schedule, seats[first:first + self.random.randint(1, 4)])
        if booking is None:
            return
        mood = self.random.random()
        if mood < 0.20:
            return  # walks away: the hold expires
        if mood < 0.35:
            self.cancel(booking)
        elif self.pay(booking) and self.random.random() < 0.4:
            self.cancel(booking)

    def browse(self):
        """A showing and its free seats."""
        self.send("shows", "GET", "/shows", params={"limit": 100})
        venues = self.send("venues", "GET", "/venues", params={"limit": 100})
        if not venues:
            return None, []
        venue = self.random.choice(venues)
        schedules = self.send("schedules", "GET", f"/schedules/venue/{venue['id']}")
        if not schedules:
            return None, []
        schedule = self.random.choice(schedules[:10])  # few, so that customers meet
        shown = self.send("seat map", "GET", f"/bookings/schedule/{schedule['id']}/seats") or []
        return schedule, [seat["id"] for seat in shown if seat["is_available"]]

    def twice(self):
        """Whether this answer is to be taken for lost."""
        return self.random.random() < 0.15

    def wish(self, operation, path, wanted):
        """Sends what has one effect however often it is sent, and gives the answer."""
        given = self.send(operation, "POST", path, json=wanted)
        if given and self.twice():
            again = self.send(f"{operation} again", "POST", path, json=wanted)
            self.compare(operation, given, again)
        return given

    def compare(self, operation, given, again):
        if again is None or again["id"] != given["id"]:
            self.tally.surprise(f"{operation} {given['id']} sent again: {again}")

    def hold(self, schedule, seats):
        wanted = {"schedule_id": schedule["id"], "seat_ids": seats,
                  "idempotency_key": f"{self.random.getrandbits(64):x}-{time.time_ns()}"}
        return self.wish("hold", "/bookings", wanted)

    def pay(self, booking):
        wanted = {"booking_id": booking["id"], "payment_method": "WALLET"}
        payment = self.wish("pay", "/payments", wanted)
        return payment and payment["status"] == "COMPLETED"

    def cancel(self, booking):
        for _ in range(2 if self.twice() else 1):
            cancelled = self.send("cancel", "DELETE", f"/bookings/{booking['id']}")
            if cancelled and cancelled["status"] != "CANCELLED":
                self.tally.surprise(f"booking {booking['id']} is {cancelled['status']} after its cancellation")


def fill_wallet(options, user_id):
    """The same reference never counts twice: a customer has this much once a seed."""
    subprocess.run([options.binary, "wallet", "credit", "--user", str(user_id), "--amount", WALLET,
                    "--reference", f"sim:{options.seed}:{user_id}"], check=True, stdout=subprocess.DEVNULL)


def report(tally, seconds):
    print(f"\n{'operation':12} {'count':>8} {'a second':>9} {'p50 ms':>8} {'p99 ms':>8}")
    for operation, took in sorted(tally.took.items()):
        took.sort()
        middle, late = took[len(took) // 2], took[min(len(took) - 1, len(took) * 99 // 100)]
        print(f"{operation:12} {len(took):8} {len(took) / seconds:9.1f} {middle * 1000:8.1f} {late * 1000:8.1f}")
    total = tally.operations()
    print(f"{'all':12} {total:8} {total / seconds:9.1f}")
    print("\nrefused: " + (", ".join(f"{count} {code}" for code, count in tally.refused.most_common()) or "nothing"))
    print(f"surprises: {len(tally.surprises)}")
    for sentence in tally.surprises[:20]:
        print(f"  {sentence}")


def main():
    parser = argparse.ArgumentParser(prog="./run sim", description="Simulates customers against the running platform.")
    parser.add_argument("--users", type=int, default=8, help="customers at once [8]")
    parser.add_argument("--seconds", type=int, default=30, help="for how long [30]")
    parser.add_argument("--seed", type=int, default=None, help="what they do follows from it [a random one, printed]")
    parser.add_argument("--url", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--binary", required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.seed is None:
        options.seed = random.SystemRandom().randrange(1_000_000)
    if not (1 <= options.users <= 500 and options.seconds >= 1):
        parser.error("--users must be from 1 to 500, --seconds at least 1")
    print(f"seed {options.seed}: {options.users} customers sign in (the platform lets an address do that once a second)",
          flush=True)

    tally = Tally()
    customers = [Customer(number, options, tally) for number in range(options.users)]
    for customer in customers:
        fill_wallet(options, customer.register())

    began = time.monotonic()
    tally = Tally()
    for customer in customers:
        customer.tally = tally
    threads = [threading.Thread(target=each.live, args=(began + options.seconds,)) for each in customers]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        threads[0].join(1)
        for thread in threads[1:]:
            thread.join(0.01)
        print(f"{time.monotonic() - began:4.0f} s  {tally.operations():7} operations  "
              f"{sum(tally.refused.values()):5} refused  {len(tally.surprises)} surprises", flush=True)
    report(tally, time.monotonic() - began)

    print("\nticketshow check:", flush=True)
    kept = subprocess.run([options.binary, "check"], check=False).returncode == 0
    sys.exit(0 if kept and not tally.surprises else 1)


if __name__ == "__main__":
    main()
