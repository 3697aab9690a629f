"""The invariants of the booking core, looked for in all that is known when a run has come to rest.

Pure: `violations(evidence)` reads what evidence.py has gathered and trusts none of it more than the other. Each invariant is a
generator that yields a sentence for each way in which it is broken; CHECKS names them.
"""

import collections
import dataclasses
import datetime
import itertools

from tests.chaos.guard import told
from tests.chaos.history import OK, REFUSED, UNKNOWN

LIVE = ("PENDING", "CONFIRMED")
SEATS_OF_A_SCREEN = 10_000  # a seat's public id is screen · this + position (docs/adr/0005-seat-ids.md)
SALE_STATES = {"ACTIVE": "OPEN", "CANCELLED": "CANCELLED"}  # of a showing in the catalogue and in booking's copy

# Who must hear of each topic.
CONSUMERS = {
    "catalog.schedule_changed": ["booking"],
    "search.show_changed": ["search"],
    "search.venue_changed": ["search"],
    "payment.refund_initiated": ["payment"],
    "booking.successful": ["notification"],
    "booking.failed": ["notification"],
    "notification.refund_initiated": ["notification"],
    "notification.refund_completed": ["notification", "booking"],
}

# What a booking may be seen as after it was seen as something. An expired one is confirmed by a late capture.
LATER = {
    "PENDING": {"PENDING", "CONFIRMED", "CANCELLED", "FAILED", "EXPIRED"},
    "CONFIRMED": {"CONFIRMED", "CANCELLED"},
    "EXPIRED": {"EXPIRED", "CONFIRMED", "CANCELLED"},
    "CANCELLED": {"CANCELLED"},
    "FAILED": {"FAILED"},
}

# What a payment may become. It begins as an intent.
NEXT_STEPS = {
    None: {"INTENT"},
    "INTENT": {"CHECKOUT", "CAPTURED", "FAILED"},
    "CHECKOUT": {"CAPTURED", "FAILED"},
    "CAPTURED": {"COMPLETED", "GIVING_BACK"},
    "COMPLETED": {"GIVING_BACK"},
    "GIVING_BACK": {"REFUNDED"},
    "FAILED": set(),
    "REFUNDED": set(),
}
SETTLED = ("COMPLETED", "GIVING_BACK", "REFUNDED")

SIDES = {"CREDIT": ("external", "wallet"), "REFUND": ("clearing", "wallet"), "DEBIT": ("wallet", "clearing")}


@dataclasses.dataclass(frozen=True)
class Violation:
    invariant: str
    name: str
    evidence: str

    def __str__(self):
        return f"{self.invariant} {self.name}: {self.evidence}"


@dataclasses.dataclass
class Evidence:
    """All that is known at the end. Rows are dictionaries with the names of their columns; times are seconds since the epoch."""

    calls: list = dataclasses.field(default_factory=list)  # history.Call
    now: float = 0.0  # when the rows were read
    # booking
    bookings: list = dataclasses.field(default_factory=list)
    claims: list = dataclasses.field(default_factory=list)
    copies: list = dataclasses.field(default_factory=list)  # of showings: id, state, price, start_time
    # catalog
    showings: list = dataclasses.field(default_factory=list)  # id, show_id, venue_id, status, price, starts_at
    shows: list = dataclasses.field(default_factory=list)  # id, title, status
    venues: list = dataclasses.field(default_factory=list)
    # payment
    payments: list = dataclasses.field(default_factory=list)
    transitions: list = dataclasses.field(default_factory=list)
    checkouts: list = dataclasses.field(default_factory=list)
    # auth
    accounts: list = dataclasses.field(default_factory=list)  # id, email
    movements: list = dataclasses.field(default_factory=list)
    entries: list = dataclasses.field(default_factory=list)
    # the card provider's books
    charges: list = dataclasses.field(default_factory=list)  # payment_id, checkout_session_id, total_amount, status
    returns: list = dataclasses.field(default_factory=list)  # refund_id, payment_id, amount, status
    # the mailbox: Message-IDs, one a mail
    mails: list = dataclasses.field(default_factory=list)
    # search: (kind, id) → (version, listed)
    catalogue: dict = dataclasses.field(default_factory=dict)
    index: dict = dataclasses.field(default_factory=dict)
    # events, by service
    outboxes: dict = dataclasses.field(default_factory=dict)  # rows: event_id, topic, key, published
    handled: dict = dataclasses.field(default_factory=dict)  # sets of event ids: in the inbox, or set aside
    dead_letters: dict = dataclasses.field(default_factory=dict)  # rows: event_id, topic, key, attempts, error


def by(rows, *names):
    """Rows by the value of a column, or of several."""
    found = collections.defaultdict(list)
    for row in rows:
        found[row[names[0]] if len(names) == 1 else tuple(row[name] for name in names)].append(row)
    return found


def of(calls, operation, outcome=OK):
    """Calls of an operation, those that repeat it included."""
    return [call for call in calls if call.operation in (operation, f"{operation} again") and call.outcome == outcome]


# ---- I1

def seat_claimed_twice(e):
    """By the rows."""
    state = {row["id"]: row["state"] for row in e.bookings}
    for (schedule, seat), claims in by(e.claims, "schedule_id", "seat_no").items():
        live = [claim["booking_id"] for claim in claims if state.get(claim["booking_id"]) in LIVE]
        if len(live) > 1:
            yield f"seat {seat} of showing {schedule} is claimed by the live bookings {live}"
    claimed = by(e.claims, "booking_id")
    for row in e.bookings:
        seats = sorted(claim["seat_no"] for claim in claimed[row["id"]])
        if row["state"] in LIVE and seats != sorted(row["seats"]):
            yield f"booking {row['id']} is {row['state']} with the seats {row['seats']} and claims {seats}"


def seat_promised_twice(e):
    """By the answers: two people were told at one time that a seat is theirs, whatever the rows say now."""
    promised = collections.defaultdict(list)  # (showing, seat id) → (from, until, booking)
    for booking, (schedule, seats, spans) in promises(e).items():
        for seat, (begin, end) in itertools.product(seats, spans):
            if begin < end:
                promised[schedule, seat].append((begin, end, booking))
    for (schedule, seat), spans in promised.items():
        last_end, last = 0.0, None
        for begin, end, booking in sorted(spans):
            if booking != last and begin < last_end:
                yield f"seat {seat} of showing {schedule} was promised to booking {booking} while it was booking {last}'s"
            if end > last_end:
                last_end, last = end, booking


def promises(e):
    """For each booking that somebody heard of: its showing, its seats, and the spans of time in which it certainly had them: from
    an answer that says so until a hold's time is over, or until somebody first asked for what would end it."""
    found = {}
    for call in of(e.calls, "hold"):
        found.setdefault(call.answer["id"], (call.answer["schedule_id"], call.answer["seat_ids"], []))
    ended = first_endings(e)

    def add(booking, begin, end):
        if booking in found:
            schedule, _, spans = found[booking]
            spans.append((begin, min(end, ended["booking", booking], ended["showing", schedule])))

    for call in e.calls:
        if call.outcome != OK or not call.answer:
            continue
        status = call.answer.get("status")
        if call.operation in ("hold", "hold again", "look") and status == "PENDING":
            add(call.answer["id"], call.ended, call.answer["expires_at"])
        elif call.operation in ("hold", "hold again", "look") and status == "CONFIRMED":
            add(call.answer["id"], call.ended, float("inf"))
        elif call.operation in ("pay", "pay again", "look at payment") and status == "COMPLETED":
            add(call.answer["booking_id"], call.ended, float("inf"))
    return found


def first_endings(e):
    """When somebody first asked, with whatever outcome, for what ends a booking."""
    ended = collections.defaultdict(lambda: float("inf"))
    showings = {"show": by(e.showings, "show_id"), "venue": by(e.showings, "venue_id")}

    def note(kind, number, when):
        ended[kind, number] = min(ended[kind, number], when)

    for call in e.calls:
        if call.operation == "cancel":
            note("booking", call.target, call.began)
        elif call.operation == "cancel showing":
            note("showing", call.target, call.began)
        elif call.operation in ("cancel show", "close venue"):
            for showing in showings[call.operation.split()[1]][call.target]:
                note("showing", showing["id"], call.began)
    return ended


# ---- I2

def ledger_does_not_add_up(e):
    entries = by(e.entries, "transaction_id")
    for row in e.movements:
        wallet = f"wallet:{row['user_id']}"
        sides = tuple(wallet if side == "wallet" else side for side in SIDES.get(row["kind"], ()))
        if row["amount"] <= 0 or (row["debit_account"], row["credit_account"]) != sides:
            yield f"movement {row['id']} ({row['reference']}) is {row['amount']} from {row['debit_account']} to {row['credit_account']}"
        sign = -1 if row["kind"] == "DEBIT" else 1
        if [(each["user_id"], each["delta"]) for each in entries[row["id"]]] != [(row["user_id"], sign * row["amount"])]:
            yield f"movement {row['id']} ({row['reference']}) of {row['amount']} has the wallet entries {entries[row['id']]}"
    known = {row["id"] for row in e.movements}
    for row in e.entries:
        if row["transaction_id"] not in known:
            yield f"entry {row['seq']} of wallet {row['user_id']} belongs to no movement"


def wallet_does_not_add_up(e):
    for user, entries in by(e.entries, "user_id").items():
        balance = 0
        for place, row in enumerate(sorted(entries, key=lambda each: each["seq"]), 1):
            balance += row["delta"]
            if row["balance"] != balance or row["seq"] != place:
                yield f"wallet {user} has {row['balance']} at entry {row['seq']}, {balance} by its movements"
                break
            if balance < 0:
                yield f"wallet {user} is at {balance}"


def money_without_cause(e):
    """Every movement is one that a payment or the operator asked for, and of that amount."""
    payments = {row["id"]: row for row in e.payments}
    filled = {call.body["reference"]: call.body["amount"] for call in e.calls if call.operation == "fill wallet"}
    for row in e.movements:
        kind, _, rest = row["reference"].partition(":")
        if row["reference"] in filled:
            amount = filled[row["reference"]]
        elif kind in ("payment", "top-up"):
            payment = payments.get(int(rest.partition(":")[0]))
            amount = payment["amount"] if payment and payment["user_id"] == row["user_id"] else None
        elif kind == "sample":
            continue
        else:
            amount = None
        if row["amount"] != amount:
            yield f"movement {row['id']} ({row['reference']}) puts {row['amount']} to or from wallet {row['user_id']}; asked for: {amount}"


# ---- I3 and I4

def money_of_payments(e):
    """What each payment took and gave back: lists of (way, amount), from the ledger and from the provider's books."""
    taken, returned = collections.defaultdict(list), collections.defaultdict(list)
    for row in e.movements:
        kind, _, rest = row["reference"].partition(":")
        number, _, what = rest.partition(":")
        if kind == "payment":
            (taken if what == "debit" else returned)[int(number)].append(("wallet", row["amount"]))
    payment_of_session = {row["session_id"]: row["payment_id"] for row in e.checkouts}
    refunds = by([row for row in e.returns if row["status"] == "succeeded"], "payment_id")
    for row in e.charges:
        payment = payment_of_session.get(row["checkout_session_id"])
        if row["status"] == "succeeded":
            taken[payment].append((row["payment_id"], row["total_amount"]))
        returned[payment] += [(row["payment_id"], each["amount"]) for each in refunds[row["payment_id"]]]
    return taken, returned


def kept(taken, returned):
    """What was taken and did not come back."""
    left = list(taken)
    for each in returned:
        if each in left:
            left.remove(each)
        else:
            left.append((each[0], -each[1]))
    return left


def booking_not_settled_once(e):
    taken, returned = money_of_payments(e)
    payments = by(e.payments, "booking_id")
    for row in e.bookings:
        left = [money for payment in payments[row["id"]] for money in kept(taken[payment["id"]], returned[payment["id"]])]
        settling = [payment["id"] for payment in payments[row["id"]] if payment["step"] == "COMPLETED"]
        if row["state"] == "CONFIRMED":
            if [amount for _, amount in left] != [row["total_amount"]] or settling != [row["payment_id"]]:
                yield (f"booking {row['id']} of {row['total_amount']} is confirmed by payment {row['payment_id']}; completed "
                       f"payments {settling}, money kept {left}")
        elif left or settling:
            yield f"booking {row['id']} is {row['state']}; completed payments {settling}, money kept {left}"


def money_of_no_payment(e):
    taken, returned = money_of_payments(e)
    for amount in taken[None] + returned[None]:
        yield f"the provider took or gave back {amount} on a page that no payment knows"
    bookings = {row["id"] for row in e.bookings}
    for row in e.payments:
        if row["booking_id"] is not None and row["booking_id"] not in bookings:
            yield f"payment {row['id']} is for booking {row['booking_id']}, which is not there"


def top_up_not_settled_once(e):
    """A wallet that is filled by card: what was taken once is in the wallet once, the rest went back."""
    taken, returned = money_of_payments(e)
    credits = by([row for row in e.movements if row["reference"].startswith("top-up:")], "reference")
    for row in e.payments:
        if row["booking_id"] is None:
            left = kept(taken[row["id"]], returned[row["id"]])
            credited = [credit["amount"] for credit in credits[f"top-up:{row['id']}:credit"]]
            if [amount for _, amount in left] != credited or credited != ([row["amount"]] if row["step"] == "COMPLETED" else []):
                yield f"top-up {row['id']} of {row['amount']} is {row['step']}: kept {left}, credited {credited}"


def refund_not_made_once(e):
    taken, returned = money_of_payments(e)
    for payment, back in returned.items():
        for money, count in collections.Counter(back).items():
            if count > taken[payment].count(money):
                yield f"payment {payment} took {taken[payment]} and gave {money} back {count} times"
    for row in e.bookings:
        if row["state"] != "CANCELLED" or row["payment_id"] is None:
            continue
        back = returned[row["payment_id"]]
        if sorted(back) != sorted(taken[row["payment_id"]]) or not back:
            yield (f"booking {row['id']} is cancelled, its payment {row['payment_id']} took {taken[row['payment_id']]} "
                   f"and gave back {back}")


# ---- I5

def ticket_mail_missing(e):
    written = collections.defaultdict(set)
    for message_id in e.mails:
        kind, _, _ = message_id.strip("<>").partition("@")
        if kind.endswith(".booking-confirmed"):
            written[kind.removeprefix("booking-").removesuffix(".booking-confirmed")].add(message_id)
    for row in e.bookings:
        found = written.pop(str(row["id"]), set())
        if row["state"] == "CONFIRMED" and not found:
            yield f"booking {row['id']} is confirmed and the mailbox has no ticket mail of it"
        if len(found) > 1:
            yield f"booking {row['id']} has ticket mails under {sorted(found)}"
    for booking, found in written.items():
        yield f"the mailbox has {sorted(found)} of booking {booking}, which is not there"


# ---- I6

def index_differs(e):
    for key in e.catalogue.keys() | e.index.keys():
        if e.catalogue.get(key) != e.index.get(key):
            yield f"{key[0]} {key[1]}: the catalogue has (version, listed) {e.catalogue.get(key)}, the index {e.index.get(key)}"


# ---- I7

def event_lost(e):
    for service, rows in e.outboxes.items():
        for row in rows:
            if not row["published"]:
                if row["event_id"] not in e.handled.get(service, ()):
                    yield f"{service}'s event {row['event_id']} ({row['topic']} of {row['key']}) is not on the bus"
                continue
            for consumer in CONSUMERS.get(row["topic"], [f"nobody who knows {row['topic']}"]):
                if row["event_id"] not in e.handled.get(consumer, ()):
                    yield f"{consumer} has not handled {service}'s event {row['event_id']} ({row['topic']} of {row['key']})"


def event_given_up(e):
    """What waits for an operator has not had its effect, and nothing in a run is wrong with any event."""
    for service, rows in e.dead_letters.items():
        for row in rows:
            yield (f"{service} has given up event {row['event_id']} ({row['topic']} of {row['key']}) after {row['attempts']} attempts: "
                   f"{row['error']}")


def copy_of_showing_differs(e):
    """What booking sells is what the catalogue has."""
    told_of = {row["id"]: (row["starts_at"], SALE_STATES.get(row["status"]), row["price"]) for row in e.showings}
    sold = {row["id"]: (row["start_time"], row["state"], row["price"]) for row in e.copies}
    for number in sorted(told_of.keys() | sold.keys()):
        if told_of.get(number) != sold.get(number):
            yield f"showing {number}: the catalogue has (start, state, price) {told_of.get(number)}, booking {sold.get(number)}"


# ---- I8

def acknowledged_account_lost(e):
    accounts = {row["email"]: row["id"] for row in e.accounts}
    for operation in ("register", "sign in"):
        for call in of(e.calls, operation):
            number = accounts.get(call.body["email"])
            if number is None or call.answer.get("id", number) != number:
                yield f"{operation} of {call.body['email']} was acknowledged with {call.answer}; the account is {number}"


def acknowledged_booking_lost(e):
    rows = {row["id"]: row for row in e.bookings}
    for call in of(e.calls, "hold"):
        row = rows.get(call.answer["id"])
        asked = (call.who, call.body["schedule_id"], sorted(call.body["seat_ids"]), call.body["idempotency_key"])
        if row is None or (row["user_id"], row["schedule_id"], seat_ids(row), row["idempotency_key"]) != asked:
            yield f"booking {call.answer['id']} was acknowledged to user {call.who} for {call.body}; the row is {row}"
        elif (sorted(call.answer["seat_ids"]), call.answer["total_amount"]) != (seat_ids(row), row["total_amount"]):
            yield f"booking {row['id']} was acknowledged as {call.answer}; the row is {row}"


def seat_ids(booking):
    return sorted(booking["screen_id"] * SEATS_OF_A_SCREEN + position for position in booking["seats"])


def acknowledged_change_lost(e):
    """What the catalogue has is what was last asked for: made, renamed, moved."""
    titles = {row["id"]: row["title"] for row in e.shows}
    for number, possible in last_wishes(e.calls, "new show", "rename show", "title").items():
        if titles.get(number) not in possible:
            yield f"show {number} was acknowledged as one of {sorted(possible)}; its title is {titles.get(number)}"
    starts = {row["id"]: row["starts_at"] for row in e.showings}
    for number, possible in last_wishes(e.calls, "new showing", "move showing", "start_time").items():
        if starts.get(number) not in {datetime.datetime.fromisoformat(each).timestamp() for each in possible}:
            yield f"showing {number} was acknowledged at one of {sorted(possible)}; it is at {starts.get(number)}"


def last_wishes(calls, make, change, name):
    """For each thing of which something was acknowledged, what it may be now: what was asked for by a call that no acknowledged one
    came after, or by one of which nobody knows, which may have its effect at any time."""
    asked = collections.defaultdict(list)
    for call in calls:
        if call.operation == make and call.outcome == OK:
            asked[call.answer["id"]].append(call)
        elif call.operation == change and call.outcome != REFUSED:
            asked[call.target].append(call)
    found = {}
    for number, those in asked.items():
        last = max((call.began for call in those if call.outcome == OK), default=None)
        if last is not None:
            found[number] = {call.body[name] for call in those if call.outcome == UNKNOWN or call.ended >= last}
    return found


def acknowledged_payment_lost(e):
    bookings = {row["id"]: row for row in e.bookings}
    payments = {row["id"]: row for row in e.payments}
    for operation in ("pay", "look at payment"):
        for call in of(e.calls, operation):
            row = payments.get(call.answer["id"])
            if row is None or row["booking_id"] != call.answer["booking_id"] or row["user_id"] != call.who:
                yield f"payment {call.answer['id']} was acknowledged to user {call.who}; the row is {row}"
            elif call.answer["status"] == "COMPLETED":
                booking = bookings.get(row["booking_id"])
                settled = booking and booking["state"] in ("CONFIRMED", "CANCELLED") and booking["payment_id"] == row["id"]
                if row["step"] not in SETTLED or not settled:
                    yield (f"payment {row['id']} was acknowledged as COMPLETED to user {call.who}; it is {row['step']}, "
                           f"the booking {booking}")


def acknowledged_money_lost(e):
    movements = {row["reference"]: row for row in e.movements}
    for call in of(e.calls, "fill wallet"):
        row = movements.get(call.body["reference"])
        if row is None or (row["user_id"], row["amount"]) != (call.body["user"], call.body["amount"]):
            yield f"the wallet of user {call.body['user']} was filled by {call.body}; the movement is {row}"
    for call in of(e.calls, "look at top-up"):
        if call.answer["status"] == "COMPLETED" and f"top-up:{call.answer['id']}:credit" not in movements:
            yield f"top-up {call.answer['id']} was acknowledged as COMPLETED and no movement fills the wallet"


def acknowledged_cancellation_lost(e):
    bookings = {row["id"]: row for row in e.bookings}
    for call in of(e.calls, "cancel"):
        row = bookings.get(call.target)
        if row is None or row["state"] != "CANCELLED":
            yield f"the cancellation of booking {call.target} was acknowledged; the row is {row}"
    rows = {"cancel showing": ({row["id"]: row for row in e.showings}, "CANCELLED"),
            "cancel show": ({row["id"]: row for row in e.shows}, "CANCELLED"),
            "close venue": ({row["id"]: row for row in e.venues}, "INACTIVE")}
    for operation, (found, state) in rows.items():
        for call in of(e.calls, operation):
            row = found.get(call.target)
            if row is None or row["status"] != state:
                yield f"{operation} {call.target} was acknowledged; the row is {row}"
    cancelled = {row["id"] for row in e.showings if row["status"] == "CANCELLED"}
    for row in e.bookings:
        if row["schedule_id"] in cancelled and row["state"] in LIVE:
            yield f"booking {row['id']} is {row['state']}, its showing {row['schedule_id']} is cancelled"


# ---- I9

def request_repeated_in_effect(e):
    answers = collections.defaultdict(set)
    for call in of(e.calls, "hold"):
        answers["hold", call.who, call.body["idempotency_key"]].add(call.answer["id"])
    for call in of(e.calls, "top up"):
        answers["top-up", call.who, call.body["idempotency_key"]].add(call.answer["id"])
    for (what, who, key), ids in answers.items():
        if len(ids) > 1:
            yield f"user {who} asked for one {what} with the key {key} and was answered {sorted(ids)}"
    for names, rows, what in (
            (("user_id", "idempotency_key"), e.bookings, "bookings"),
            (("user_id", "idempotency_key"), [row for row in e.payments if row["booking_id"] is None], "top-ups"),
            (("booking_id",), [row for row in e.payments if row["booking_id"] is not None
                               and row["step"] not in ("FAILED", "REFUNDED")], "live payments"),
            (("reference",), e.movements, "movements")):
        for key, found in by(rows, *names).items():
            if len(found) > 1:
                yield f"there are {len(found)} {what} of {key}: {[row['id'] for row in found]}"


def refused_request_in_effect(e):
    """Whoever heard only refusals has nothing."""
    heard = collections.defaultdict(set)
    for call in e.calls:
        if call.operation in ("hold", "hold again"):
            heard[call.who, call.body["idempotency_key"]].add(call.outcome)
    for row in e.bookings:
        if heard.get((row["user_id"], row["idempotency_key"])) == {REFUSED}:
            yield f"booking {row['id']} of user {row['user_id']} is there, and each request for it was refused"


# ---- I10

def booking_seen_going_back(e):
    seen = collections.defaultdict(list)
    for call in e.calls:
        if call.outcome == OK and call.answer and call.operation in ("hold", "hold again", "look", "cancel"):
            seen[call.answer["id"]].append((call.began, call.ended, call.answer["status"]))
    for row in e.bookings:
        seen[row["id"]].append((e.now, e.now, row["state"]))
    for booking, states in seen.items():
        states.sort()
        for (_, ended, before), (began, _, after) in itertools.combinations(states, 2):
            if ended <= began and after not in LATER.get(before, ()):
                yield f"booking {booking} was {before} and later {after}"


def booking_not_resolved(e):
    for row in e.bookings:
        if row["state"] == "PENDING" and row["expires_at"] < e.now:
            yield f"booking {row['id']} is PENDING {e.now - row['expires_at']:.0f} s after its time"
        if row["state"] not in LATER:
            yield f"booking {row['id']} is {row['state']}"
        if row["payment_id"] is not None and row["state"] not in ("CONFIRMED", "CANCELLED"):
            yield f"booking {row['id']} is {row['state']}, though payment {row['payment_id']} settled it"


def payment_not_resolved(e):
    histories = by(sorted(e.transitions, key=lambda row: row["id"]), "payment_id")
    for row in e.payments:
        before, legal = None, True
        for step in histories[row["id"]]:
            legal = legal and step["from_step"] == before and step["to_step"] in NEXT_STEPS.get(before, ())
            before = step["to_step"]
        if not legal or before != row["step"]:
            yield f"payment {row['id']} is {row['step']}, its history {[step['to_step'] for step in histories[row['id']]]}"
        if row["step"] in ("INTENT", "CAPTURED", "GIVING_BACK"):
            yield f"payment {row['id']} is still {row['step']}"


CHECKS = {
    "I1": (seat_claimed_twice, seat_promised_twice),
    "I2": (ledger_does_not_add_up, wallet_does_not_add_up, money_without_cause),
    "I3": (booking_not_settled_once, money_of_no_payment, top_up_not_settled_once),
    "I4": (refund_not_made_once,),
    "I5": (ticket_mail_missing,),
    "I6": (index_differs,),
    "I7": (event_lost, event_given_up, copy_of_showing_differs),
    "I8": (acknowledged_account_lost, acknowledged_booking_lost, acknowledged_change_lost, acknowledged_payment_lost,
           acknowledged_money_lost, acknowledged_cancellation_lost),
    "I9": (request_repeated_in_effect, refused_request_in_effect),
    "I10": (booking_seen_going_back, booking_not_resolved, payment_not_resolved),
}


def violations(evidence):
    return [violation for invariant, checks in CHECKS.items() for check in checks for violation in of_check(invariant, check, evidence)]


def of_check(invariant, check, evidence):
    """A check that fails has not found that all is well."""
    name = check.__name__.replace("_", " ")
    try:
        for sentence in check(evidence):
            yield Violation(invariant, name, sentence)
    except Exception as error:
        yield Violation(invariant, name, f"could not be judged: {told(error)}")
