"""One account that calls the API, and whose calls go into the history."""

import datetime
import time

import requests

from tests.chaos.history import OK, REFUSED, UNKNOWN, Call

PATIENCE_S = 15  # a little longer than the gateway takes to give up
KEPT = {"id", "status", "expires_at", "schedule_id", "seat_ids", "booking_id", "user_id", "total_amount"}


def told(answer):
    """What the history keeps of an answer; times are seconds since the epoch there, amounts are in minor units."""
    if not isinstance(answer, dict):
        return None
    kept = {name: answer[name] for name in KEPT & answer.keys()}
    if "expires_at" in kept:
        kept["expires_at"] = datetime.datetime.fromisoformat(kept["expires_at"].replace("Z", "+00:00")).timestamp()
    if "total_amount" in kept:
        kept["total_amount"] = round(kept["total_amount"] * 100)
    return kept


class Caller:
    """Sends requests one after another. What was not answered is sent again with the same key, a few times, or never."""

    def __init__(self, url, email, password, history, random, stopping):
        self.api = f"{url}/api/v1"
        self.email, self.password = email, password
        self.history = history
        self.random = random
        self.stopping = stopping  # an Event
        self.who = 0
        self.session = requests.Session()

    def send(self, operation, method, path, expected=(200, 201), **arguments):
        """The answer's JSON, or None when there was none to be had."""
        for _ in range(1 + self.random.randrange(4)):
            call = self.once(operation, method, path, expected, **arguments)
            if call.outcome == OK:
                return call.answer
            if call.code == "NOT_AUTHENTICATED" and operation != "sign in":
                self.sign_in()
            elif call.code == "TOO_MANY_REQUESTS":
                self.wait(2)
            elif call.outcome == REFUSED:
                return None
            else:
                self.wait(self.random.uniform(0.1, 3))
            if self.stopping.is_set():
                return None
        return None

    def once(self, operation, method, path, expected=(200, 201), **arguments):
        began = time.time()
        answer = None
        try:
            got = self.session.request(method, self.api + path, timeout=PATIENCE_S, **arguments)
            if got.status_code >= 500:  # by whichever of the processes on the way: those behind it may have done it
                outcome, code = UNKNOWN, str(got.status_code)
            elif got.status_code in expected:
                outcome, code, answer = OK, "", got.json()
            else:
                outcome, code = REFUSED, got.json().get("code", str(got.status_code))
        except (requests.RequestException, ValueError) as error:
            outcome, code = UNKNOWN, type(error).__name__
        promises = method != "GET" or isinstance(answer, dict)
        self.history.add(Call(self.who, operation, path, arguments.get("json") or {}, began, time.time(), outcome, code, told(answer)),
                         keep=promises)
        return Call(self.who, operation, path, {}, began, 0, outcome, code, answer)

    def sign_in(self):
        signed_in = self.send("sign in", "POST", "/auth/login", json={"email": self.email, "password": self.password})
        if signed_in:
            self.session.headers["Authorization"] = f"Bearer {signed_in['access_token']}"
        return signed_in

    def wait(self, seconds):
        self.stopping.wait(seconds)
