"""Gathers what there is to know of a deployment at rest: the rows of each service's database, read as the superuser, the index, the
provider's books and the mailbox's files."""

import contextlib
import email
import itertools
import json
import pathlib
import shutil
import threading
import time

import requests

from tests.chaos.checker import CONSUMERS, Evidence

PUBLISHERS = ("catalog", "booking", "payment")
WITH_EVENTS = sorted({*PUBLISHERS, *itertools.chain(*CONSUMERS.values())})
EPOCH = "extract(epoch FROM {0})::float8 AS {0}"

# what of Evidence: whose database, query
ROWS = {
    "bookings": ("booking", "SELECT id, user_id, schedule_id, screen_id, seats, state, total_amount, payment_id, idempotency_key, "
                            f"{EPOCH.format('expires_at')} FROM booking.booking"),
    "claims": ("booking", "SELECT booking_id, schedule_id, seat_no FROM booking.booking_seat"),
    "copies": ("booking", f"SELECT id, state, price, {EPOCH.format('start_time')} FROM booking.schedule"),
    "showings": ("catalog", f"SELECT s.id, s.show_id, c.venue_id, s.status, w.price, {EPOCH.format('starts_at')} FROM catalog.schedule s "
                            "JOIN catalog.screen c ON c.id = s.screen_id JOIN catalog.show w ON w.id = s.show_id"),
    "shows": ("catalog", "SELECT id, title, status FROM catalog.show"),
    "venues": ("catalog", "SELECT id, status FROM catalog.venue"),
    "payments": ("payment", "SELECT id, booking_id, user_id, amount, method, step, idempotency_key FROM payment.payment"),
    "transitions": ("payment", "SELECT id, payment_id, from_step, to_step FROM payment.transition"),
    "checkouts": ("payment", "SELECT payment_id, session_id FROM payment.checkout WHERE session_id IS NOT NULL"),
    "accounts": ("auth", "SELECT id, email FROM auth.account"),
    "movements": ("auth", "SELECT id, reference, kind, user_id, debit_account, credit_account, amount FROM auth.ledger_transaction"),
    "entries": ("auth", "SELECT user_id, seq, transaction_id, delta, balance FROM auth.wallet_entry"),
}
CATALOGUE = """SELECT 'show' AS kind, w.id, coalesce(d.version, w.version) AS version, w.status = 'ACTIVE' AS listed
    FROM catalog.show w LEFT JOIN catalog.show_document d ON d.show_id = w.id
    UNION ALL SELECT 'venue', id, version, status = 'ACTIVE' FROM catalog.venue"""

# What goes on by itself and must have come to its end before anybody judges.
UNFINISHED = {
    "booking": """SELECT 'hold ' || id FROM booking.booking WHERE state = 'PENDING'
        UNION ALL SELECT 'cascade of showing ' || id FROM booking.schedule WHERE state = 'CANCELLING'
        UNION ALL SELECT 'refund of booking ' || r.booking_id FROM booking.refund_request r JOIN booking.booking b ON b.id = r.booking_id
          WHERE b.payment_id IS NOT NULL AND r.completed_at IS NULL
        UNION ALL SELECT 'event ' || event_id FROM booking.outbox WHERE published_at IS NULL""",
    "payment": """SELECT 'payment ' || id FROM payment.payment WHERE in_flight
        UNION ALL SELECT 'capture ' || id FROM payment.capture WHERE state = 'OWED'
        UNION ALL SELECT 'notice ' || id FROM payment.notice WHERE handled_at IS NULL
        UNION ALL SELECT 'charge ' || provider_payment_id FROM payment.charge WHERE state = 'OPEN'
        UNION ALL SELECT 'event ' || event_id FROM payment.outbox WHERE published_at IS NULL""",
    "catalog": "SELECT 'event ' || event_id FROM catalog.outbox WHERE published_at IS NULL",
    "notification": "SELECT 'mail ' || id FROM notification.mail WHERE state = 'QUEUED'",
}
SET_ASIDE = "SELECT 'event set aside, ' || event_id FROM {0}.set_aside WHERE next_attempt_at IS NOT NULL"

HEAD_BYTES = 8192  # of a mail: it may have many pages of tickets behind that


def rows(system, service, query):
    return [json.loads(line) for [line] in system.database(service).sql(f"SELECT row_to_json(r) FROM ({query}) r")]


def unfinished(system):
    queries = [*UNFINISHED.items(), *((service, SET_ASIDE.format(service)) for service in WITH_EVENTS)]
    return [f"{service}: {what}" for service, query in queries for [what] in system.database(service).sql(query)]


def gather(system, history, switches, post_office):
    found = Evidence(calls=list(history.calls), now=time.time())
    for name, (service, query) in ROWS.items():
        setattr(found, name, rows(system, service, query))
    found.catalogue = {(row["kind"], row["id"]): (row["version"], row["listed"]) for row in rows(system, "catalog", CATALOGUE)}
    found.index = indexed(system.settings["SEARCH_ELASTIC_URL"])
    for service in PUBLISHERS:
        found.outboxes[service] = rows(system, service,
                                       f"SELECT event_id, topic, key, published_at IS NOT NULL AS published FROM {service}.outbox")
    for service in WITH_EVENTS:
        found.dead_letters[service] = rows(
            system, service, f"SELECT event_id, topic, key, attempts, error FROM {service}.set_aside WHERE next_attempt_at IS NULL")
        found.handled[service] = {row["event_id"] for row in rows(
            system, service, f"SELECT event_id FROM {service}.inbox UNION ALL SELECT event_id FROM {service}.set_aside")}
    books = switches.books()
    found.charges, found.returns = books["payments"], books["refunds"]
    found.mails = post_office.message_ids()
    return found


def indexed(url, alias="ticketshow"):
    """Every document of the index, the unlisted ones too."""
    requests.post(f"{url}/{alias}/_refresh", timeout=30).raise_for_status()
    found, after = {}, None
    while True:
        asked = {"size": 1000, "version": True, "sort": [{"kind": "asc"}, {"id": "asc"}], "_source": ["kind", "id", "listed"]}
        answer = requests.post(f"{url}/{alias}/_search", json={**asked, **({"search_after": after} if after else {})}, timeout=30)
        answer.raise_for_status()
        hits = answer.json()["hits"]["hits"]
        for hit in hits:
            found[hit["_source"]["kind"], int(hit["_source"]["id"])] = (hit["_version"], hit["_source"]["listed"])
        if not hits:
            return found
        after = hits[-1]["sort"]


class PostOffice:
    """The Message-ID of every mail that the mailbox ever kept: it forgets the oldest, so its files are looked at while they come."""

    def __init__(self, directory, file):
        self.directory = pathlib.Path(directory)
        self._file = file  # in which they are kept, should this run end before they are judged
        self._seen = {}  # file → Message-ID
        self._lock = threading.Lock()

    def look(self):
        with self._lock:
            for file in self.directory.glob("*.eml"):
                if file.name not in self._seen:
                    with contextlib.suppress(FileNotFoundError), file.open("rb") as content:  # forgotten meanwhile
                        head = email.message_from_bytes(content.read(HEAD_BYTES))
                        if head["Message-ID"]:
                            self._seen[file.name] = head["Message-ID"].strip()
                            self._file.write(json.dumps({"at": time.time(), "message_id": self._seen[file.name]}) + "\n")
            self._file.flush()

    def empty(self):
        """While the mailbox does not run: it reads all that it has when it starts, for minutes when that is thousands."""
        self.look()
        shutil.rmtree(self.directory, ignore_errors=True)

    def message_ids(self):
        self.look()
        return list(self._seen.values())
