"""The checker itself: it finds nothing in a history in which all went well, and each violation that is planted in it."""

import ast
import copy
import inspect
import re
import textwrap

import pytest

from tests.chaos.checker import CHECKS, Evidence, violations
from tests.chaos.history import OK, REFUSED, UNKNOWN, Call

ANN, BOB = 1, 2
SCREEN = 1
NOON = "2026-12-24T12:00:00+00:00"
EVENING = "2026-12-24T18:00:00+00:00"
NOON_S, EVENING_S = 1_798_113_600.0, 1_798_135_200.0


def good():
    """Ann buys seats 1 and 2 of showing 10 from the wallet. Bob holds seat 3 and walks away; buys it by card and cancels; and seat 4 by
    card, in doubt about the hold. Showing 11, for which Ann had paid, is cancelled. Bob fills his wallet by card. Show 1 was renamed and
    showing 10 moved before anybody came."""
    calls = [
        Call(0, "register", "/auth/register", {"email": "ann1@x"}, -9, -8, OK, "", {"id": ANN}),
        Call(0, "register", "/auth/register", {"email": "bob2@x"}, -9, -8, OK, "", {}),
        Call(0, "sign in", "/auth/login", {"email": "bob2@x"}, -8, -7, OK, "", {}),
        Call(9, "new show", "/shows", {"title": "Old"}, -9, -8, OK, "", {"id": 1}),
        rename("New", -6, -5),
        Call(9, "new showing", "/schedules", {"show_id": 1, "start_time": NOON}, -9, -8, OK, "", {"id": 10}),
        move(EVENING, -6, -5),
        Call(0, "fill wallet", "", {"user": ANN, "amount": 10_000, "reference": "chaos:1"}, 0, 1, OK),
        hold(ANN, 100, 10, [1, 2], "a", 1, status="PENDING"),
        hold(ANN, 100, 10, [1, 2], "a", 2, status="PENDING", operation="hold again"),
        pay(ANN, 1, 100, 3, "COMPLETED"),
        look(ANN, 100, 4, "CONFIRMED"),
        hold(BOB, None, 10, [1], "refused", 4, outcome=REFUSED),
        hold(BOB, 101, 10, [3], "b", 5),
        look(BOB, 101, 66, "EXPIRED"),
        hold(BOB, 102, 10, [3], "c", 67),
        pay(BOB, 2, 102, 68, "PENDING"),
        Call(BOB, "look at payment", "/payments/2", {}, 69, 70, OK, "", {"id": 2, "booking_id": 102, "status": "COMPLETED"}),
        cancel(BOB, 102, 71),
        hold(BOB, None, 10, [4], "d", 72, outcome=UNKNOWN),
        hold(BOB, 103, 10, [4], "d", 73),
        pay(BOB, 3, 103, 74, "PENDING"),
        look(BOB, 103, 80, "CONFIRMED"),
        hold(ANN, 104, 11, [1], "e", 81),
        pay(ANN, 4, 104, 82, "COMPLETED"),
        Call(9, "cancel showing", "/schedules/11", {}, 83, 84, OK, "", {"id": 11, "status": "CANCELLED"}),
        Call(BOB, "top up", "/payments/top-up", {"idempotency_key": "t", "amount": 5}, 85, 86, OK, "", {"id": 5, "status": "PENDING"}),
        Call(BOB, "look at top-up", "/payments/top-ups/5", {}, 87, 88, OK, "", {"id": 5, "status": "COMPLETED"}),
    ]
    bookings = [
        booking(100, ANN, 10, [1, 2], "CONFIRMED", 200, 1, "a"),
        booking(101, BOB, 10, [3], "EXPIRED", 100, None, "b"),
        booking(102, BOB, 10, [3], "CANCELLED", 100, 2, "c"),
        booking(103, BOB, 10, [4], "CONFIRMED", 100, 3, "d"),
        booking(104, ANN, 11, [1], "CANCELLED", 100, 4, "e"),
    ]
    steps = {1: "INTENT CAPTURED COMPLETED", 2: "INTENT CHECKOUT CAPTURED COMPLETED GIVING_BACK REFUNDED",
             3: "INTENT CHECKOUT CAPTURED COMPLETED", 4: "INTENT CAPTURED COMPLETED GIVING_BACK REFUNDED",
             5: "INTENT CHECKOUT CAPTURED COMPLETED"}
    payments = [
        payment(1, 100, ANN, 200, "WALLET", steps), payment(2, 102, BOB, 100, "DODO", steps), payment(3, 103, BOB, 100, "DODO", steps),
        payment(4, 104, ANN, 100, "WALLET", steps), {**payment(5, None, BOB, 500, "DODO", steps), "idempotency_key": "t"}]
    movements = [movement(1, "chaos:1", "CREDIT", ANN, 10_000), movement(2, "payment:1:debit", "DEBIT", ANN, 200),
                 movement(3, "payment:4:debit", "DEBIT", ANN, 100), movement(4, "payment:4:refund", "REFUND", ANN, 100),
                 movement(5, "top-up:5:credit", "CREDIT", BOB, 500)]
    return Evidence(
        calls=calls, now=200.0, bookings=bookings,
        claims=[{"booking_id": row["id"], "schedule_id": row["schedule_id"], "seat_no": seat} for row in bookings for seat in row["seats"]],
        copies=[{"id": 10, "state": "OPEN", "price": 100, "start_time": EVENING_S},
                {"id": 11, "state": "CANCELLED", "price": 100, "start_time": NOON_S}],
        showings=[{"id": 10, "show_id": 1, "venue_id": 1, "status": "ACTIVE", "price": 100, "starts_at": EVENING_S},
                  {"id": 11, "show_id": 1, "venue_id": 1, "status": "CANCELLED", "price": 100, "starts_at": NOON_S}],
        shows=[{"id": 1, "title": "New", "status": "ACTIVE"}], venues=[{"id": 1, "status": "ACTIVE"}],
        payments=payments, transitions=transitions(steps),
        checkouts=[{"payment_id": number, "session_id": f"cks_{number}"} for number in (2, 3, 5)],
        accounts=[{"id": ANN, "email": "ann1@x"}, {"id": BOB, "email": "bob2@x"}], movements=movements, entries=entries(movements),
        charges=[charge(2, 100), charge(3, 100), charge(5, 500), {**charge(3, 100), "payment_id": "pay_declined", "status": "failed"}],
        returns=[{"refund_id": "ref_2", "payment_id": "pay_2", "amount": 100, "status": "succeeded"},
                 {"refund_id": "ref_0", "payment_id": "pay_2", "amount": 100, "status": "failed"}],
        mails=["<booking-100.booking-confirmed@x>", "<booking-100.booking-confirmed@x>", "<booking-103.booking-confirmed@x>",
               "<booking-102.refund-completed@x>"],
        catalogue={("show", 1): (7, True), ("venue", 1): (3, True)}, index={("show", 1): (7, True), ("venue", 1): (3, True)},
        outboxes={"booking": [{"event_id": "e1", "topic": "payment.refund_initiated", "key": "102", "published": True}],
                  "payment": [{"event_id": "e2", "topic": "notification.refund_completed", "key": "102", "published": True}]},
        handled={"payment": {"e1"}, "notification": {"e2"}, "booking": {"e2"}, "search": set()},
        dead_letters={"booking": [], "notification": []})


def rename(title, began, ended, outcome=OK):
    return Call(9, "rename show", "/shows/1", {"title": title}, began, ended, outcome, "", {"id": 1} if outcome == OK else None)


def move(start, began, ended, outcome=OK):
    return Call(9, "move showing", "/schedules/10", {"start_time": start}, began, ended, outcome, "", {"id": 10} if outcome == OK else None)


def hold(who, number, showing, seats, key, when, outcome=OK, status="PENDING", operation="hold"):
    """Of the seats at these positions."""
    seats = [SCREEN * 10_000 + position for position in seats]
    answer = {"id": number, "status": status, "schedule_id": showing, "seat_ids": seats, "expires_at": when + 60,
              "total_amount": 100 * len(seats)} if outcome == OK else None
    return Call(who, operation, "/bookings", {"schedule_id": showing, "seat_ids": seats, "idempotency_key": key}, when, when + 0.5, outcome,
                "SEATS_TAKEN" if outcome == REFUSED else "", answer)


def pay(who, number, booking_id, when, status):
    return Call(who, "pay", "/payments", {"booking_id": booking_id}, when, when + 0.5, OK, "",
                {"id": number, "booking_id": booking_id, "status": status})


def look(who, number, when, status):
    return Call(who, "look", f"/bookings/{number}", {}, when, when + 0.5, OK, "", {"id": number, "status": status, "expires_at": 65})


def cancel(who, number, when):
    return Call(who, "cancel", f"/bookings/{number}", {}, when, when + 0.5, OK, "", {"id": number, "status": "CANCELLED"})


def booking(number, user, showing, seats, state, amount, settled_by, key):
    return {"id": number, "user_id": user, "schedule_id": showing, "screen_id": SCREEN, "seats": seats, "state": state,
            "total_amount": amount, "payment_id": settled_by, "idempotency_key": key, "expires_at": 150.0}


def payment(number, booking_id, user, amount, method, steps):
    return {"id": number, "booking_id": booking_id, "user_id": user, "amount": amount, "method": method, "step": steps[number].split()[-1],
            "idempotency_key": None}


def transitions(steps):
    made = []
    for number, path in steps.items():
        before = None
        for step in path.split():
            made.append({"id": len(made) + 1, "payment_id": number, "from_step": before, "to_step": step})
            before = step
    return made


def movement(number, reference, kind, user, amount):
    debit, credit = {"CREDIT": ("external", f"wallet:{user}"), "REFUND": ("clearing", f"wallet:{user}"),
                     "DEBIT": (f"wallet:{user}", "clearing")}[kind]
    return {"id": number, "reference": reference, "kind": kind, "user_id": user, "debit_account": debit, "credit_account": credit, "amount": amount}


def entries(movements):
    made, balances = [], {}
    for row in movements:
        user = row["user_id"]
        delta = -row["amount"] if row["kind"] == "DEBIT" else row["amount"]
        balances.setdefault(user, []).append(delta)
        made.append({"user_id": user, "seq": len(balances[user]), "transaction_id": row["id"], "delta": delta, "balance": sum(balances[user])})
    return made


def charge(number, amount):
    return {"payment_id": f"pay_{number}", "checkout_session_id": f"cks_{number}", "total_amount": amount, "status": "succeeded"}


def row(rows, number, name="id"):
    return next(each for each in rows if each[name] == number)


def pay_out(e, number, reference, user, amount):
    """A movement with its entry, as the ledger would have it."""
    e.movements.append(movement(number, reference, "REFUND", user, amount))
    e.entries = entries(e.movements)


def lost_call(e, **which):
    """No answer of this kind was heard, so that only what is planted speaks."""
    e.calls = [call for call in e.calls if any(getattr(call, name) != value for name, value in which.items())]


# ---- what is planted: the check that must find it, and how

def two_live_claims(e):
    row(e.bookings, 101)["state"] = "CONFIRMED"
    row(e.bookings, 102)["state"] = "CONFIRMED"


def claim_lost(e):
    e.claims.remove({"booking_id": 100, "schedule_id": 10, "seat_no": 2})


def seat_held_by_two(e):
    """Bob is told within Ann's minute that her seat is his. In the rows Bob's hold is over."""
    e.calls.append(hold(BOB, 105, 10, [2], "f", 2.6))
    e.bookings.append(booking(105, BOB, 10, [2], "EXPIRED", 100, None, "f"))


def sold_seat_held_later(e):
    e.calls.append(hold(BOB, 105, 10, [1], "f", 190))
    e.bookings.append(booking(105, BOB, 10, [1], "EXPIRED", 100, None, "f"))


def money_made(e):
    row(e.movements, 2)["amount"] = 199


def sides_swapped(e):
    found = row(e.movements, 4)
    found["debit_account"], found["credit_account"] = found["credit_account"], found["debit_account"]


def entry_of_nothing(e):
    e.entries.append({"user_id": 3, "seq": 1, "transaction_id": 99, "delta": 5, "balance": 5})


def balance_wrong(e):
    e.entries[1]["balance"] += 1


def wallet_negative(e):
    found = row(e.movements, 1)
    found["amount"] = 100
    e.entries = entries(e.movements)
    e.calls[0].body["amount"] = 100


def credit_nobody_asked_for(e):
    e.movements.append(movement(6, "gift", "CREDIT", BOB, 1))
    e.entries = entries(e.movements)


def confirmed_unpaid(e):
    e.movements = [each for each in e.movements if each["reference"] != "payment:1:debit"]
    e.entries = entries(e.movements)


def confirmed_by_too_little(e):
    row(e.charges, "pay_3", "payment_id")["total_amount"] = 99


def charged_twice(e):
    e.charges.append({**charge(3, 100), "payment_id": "pay_second"})


def paid_and_not_confirmed(e):
    lost_call(e, operation="look", path="/bookings/103")
    row(e.bookings, 103).update(state="EXPIRED", payment_id=None)


def charge_unknown(e):
    e.charges.append(charge(77, 100))


def booking_of_payment_lost(e):
    e.payments.append({**payment(5, 999, BOB, 100, "DODO", {5: "INTENT FAILED"}), "id": 6})
    e.transitions += [{**each, "payment_id": 6} for each in transitions({6: "INTENT FAILED"})]


def top_up_charged_twice(e):
    e.charges.append({**charge(5, 500), "payment_id": "pay_second"})


def refund_missing(e):
    e.returns = [each for each in e.returns if each["status"] == "failed"]


def refund_twice(e):
    e.returns.append({"refund_id": "ref_3", "payment_id": "pay_2", "amount": 100, "status": "succeeded"})


def refund_to_elsewhere(e):
    refund_missing(e)
    pay_out(e, 6, "payment:2:refund", BOB, 100)


def refund_of_too_much(e):
    row(e.movements, 4)["amount"] = 101
    e.entries = entries(e.movements)


def mail_lost(e):
    e.mails.remove("<booking-103.booking-confirmed@x>")


def mail_under_another_id(e):
    e.mails.append("<booking-100.booking-confirmed@y>")


def mail_of_no_booking(e):
    e.mails.append("<booking-999.booking-confirmed@x>")


def index_behind(e):
    e.index["show", 1] = (6, True)


def not_in_index(e):
    del e.index["venue", 1]


def index_ahead(e):
    e.index["show", 2] = (1, True)


def event_not_published(e):
    e.outboxes["booking"][0]["published"] = False


def event_not_handled(e):
    e.handled["booking"].clear()


def topic_unknown(e):
    e.outboxes["booking"].append({"event_id": "e3", "topic": "new.topic", "key": "1", "published": True})


def event_given_up_on(e):
    e.dead_letters["notification"].append({"event_id": "e2", "topic": "notification.refund_completed", "key": "102", "attempts": 20,
                                           "error": "no"})


def copy_at_another_time(e):
    row(e.copies, 10)["start_time"] = NOON_S


def copy_at_another_price(e):
    row(e.copies, 10)["price"] = 99


def copy_still_sold(e):
    row(e.copies, 11)["state"] = "OPEN"


def copy_missing(e):
    e.copies.pop()


def copy_of_nothing(e):
    e.copies.append({**row(e.copies, 10), "id": 12})


def account_forgotten(e):
    e.accounts = [row(e.accounts, ANN)]


def account_under_another_number(e):
    row(e.accounts, ANN)["id"] = 7


def hold_of_other_seats(e):
    """As many, not those."""
    row(e.bookings, 101)["seats"] = [4]


def hold_in_another_hall(e):
    row(e.bookings, 101)["screen_id"] = 2


def hold_answered_with_other_seats(e):
    next(call for call in e.calls if call.operation == "hold again").answer["seat_ids"] = [10_001, 10_003]


def hold_at_another_price(e):
    row(e.bookings, 101)["total_amount"] = 99


def new_show_forgotten(e):
    e.calls.append(Call(9, "new show", "/shows", {"title": "Second"}, 10, 11, OK, "", {"id": 2}))


def rename_undone(e):
    row(e.shows, 1)["title"] = "Old"


def rename_refused_and_done(e):
    e.calls.append(rename("Third", 10, 11, REFUSED))
    row(e.shows, 1)["title"] = "Third"


def move_undone(e):
    row(e.showings, 10)["starts_at"] = row(e.copies, 10)["start_time"] = NOON_S


def hold_forgotten(e):
    e.calls.append(hold(BOB, 106, 10, [5], "g", 100))


def hold_of_another(e):
    row(e.bookings, 101)["user_id"] = ANN


def payment_forgotten(e):
    e.calls.append(pay(BOB, 50, 101, 6, "PENDING"))


def payment_undone(e):
    row(e.payments, 1)["step"] = "FAILED"


def credit_forgotten(e):
    e.calls.append(Call(0, "fill wallet", "", {"user": BOB, "amount": 10_000, "reference": "chaos:2"}, 0, 1, OK))


def top_up_forgotten(e):
    e.calls.append(Call(BOB, "look at top-up", "/payments/top-ups/6", {}, 87, 88, OK, "", {"id": 6, "status": "COMPLETED"}))


def cancellation_forgotten(e):
    e.calls.append(cancel(ANN, 100, 190))


def cascade_forgotten(e):
    row(e.showings, 11)["status"] = "ACTIVE"


def show_comes_back(e):
    e.calls.append(Call(9, "cancel show", "/shows/1", {}, 190, 191, OK, "", {"id": 1}))


def cascade_left_one(e):
    row(e.bookings, 104)["state"] = "CONFIRMED"


def key_answered_twice(e):
    e.calls.append(hold(ANN, 110, 10, [1, 2], "a", 190, operation="hold again"))


def key_used_twice(e):
    e.bookings.append(booking(111, BOB, 10, [9], "EXPIRED", 100, None, "b"))


def two_live_payments(e):
    e.payments.append({**payment(3, 103, BOB, 100, "DODO", {3: "CHECKOUT"}), "id": 7})


def reference_used_twice(e):
    e.movements.append({**row(e.movements, 2), "id": 9})
    e.entries = entries(e.movements)


def refused_and_done(e):
    e.bookings.append(booking(112, BOB, 10, [5], "EXPIRED", 100, None, "refused"))


def sold_and_then_expired(e):
    e.calls.append(look(BOB, 103, 90, "EXPIRED"))


def cancelled_and_sold_again(e):
    row(e.bookings, 102)["state"] = "CONFIRMED"


def hold_without_end(e):
    row(e.bookings, 101)["state"] = "PENDING"


def state_unknown(e):
    row(e.bookings, 101)["state"] = "LOST"


def settled_and_expired(e):
    row(e.bookings, 101)["payment_id"] = 9


def payment_without_end(e):
    row(e.payments, 4)["step"] = "GIVING_BACK"
    e.transitions = [each for each in e.transitions if each["to_step"] != "REFUNDED" or each["payment_id"] != 4]


def payment_leaps(e):
    e.transitions = [each for each in e.transitions if each["to_step"] != "CAPTURED" or each["payment_id"] != 1]


PLANTED = {
    "seat_claimed_twice": [two_live_claims, claim_lost],
    "seat_promised_twice": [seat_held_by_two, sold_seat_held_later],
    "ledger_does_not_add_up": [money_made, sides_swapped, entry_of_nothing],
    "wallet_does_not_add_up": [balance_wrong, wallet_negative],
    "money_without_cause": [credit_nobody_asked_for],
    "booking_not_settled_once": [confirmed_unpaid, confirmed_by_too_little, charged_twice, paid_and_not_confirmed],
    "money_of_no_payment": [charge_unknown, booking_of_payment_lost],
    "top_up_not_settled_once": [top_up_charged_twice],
    "refund_not_made_once": [refund_missing, refund_twice, refund_to_elsewhere, refund_of_too_much],
    "ticket_mail_missing": [mail_lost, mail_under_another_id, mail_of_no_booking],
    "index_differs": [index_behind, not_in_index, index_ahead],
    "event_lost": [event_not_published, event_not_handled, topic_unknown],
    "event_given_up": [event_given_up_on],
    "copy_of_showing_differs": [copy_at_another_time, copy_at_another_price, copy_still_sold, copy_missing, copy_of_nothing],
    "acknowledged_account_lost": [account_forgotten, account_under_another_number],
    "acknowledged_booking_lost": [hold_forgotten, hold_of_another, hold_of_other_seats, hold_in_another_hall,
                                  hold_answered_with_other_seats, hold_at_another_price],
    "acknowledged_change_lost": [new_show_forgotten, rename_undone, rename_refused_and_done, move_undone],
    "acknowledged_payment_lost": [payment_forgotten, payment_undone],
    "acknowledged_money_lost": [credit_forgotten, top_up_forgotten],
    "acknowledged_cancellation_lost": [cancellation_forgotten, cascade_forgotten, show_comes_back, cascade_left_one],
    "request_repeated_in_effect": [key_answered_twice, key_used_twice, two_live_payments, reference_used_twice],
    "refused_request_in_effect": [refused_and_done],
    "booking_seen_going_back": [sold_and_then_expired, cancelled_and_sold_again],
    "booking_not_resolved": [hold_without_end, state_unknown, settled_and_expired],
    "payment_not_resolved": [payment_without_end, payment_leaps],
}


def test_a_history_in_which_all_went_well_has_no_violation():
    assert violations(good()) == []


@pytest.mark.parametrize("name, plant", [(name, plant) for name, plants in PLANTED.items() for plant in plants],
                         ids=lambda value: getattr(value, "__name__", value))
def test_a_planted_violation_is_found(name, plant):
    evidence = copy.deepcopy(good())
    plant(evidence)
    found = {violation.name: violation for violation in violations(evidence)}
    assert name.replace("_", " ") in found, sorted(found)
    assert re.search(r"\d", found[name.replace("_", " ")].evidence), "it says which"


def test_every_check_has_a_planted_violation_and_every_invariant_a_check():
    assert {check.__name__ for checks in CHECKS.values() for check in checks} == set(PLANTED)
    assert list(CHECKS) == [f"I{number}" for number in range(1, 11)]


def sentences(check):
    """The lines of its source from which to which it yields one."""
    lines, first = inspect.getsourcelines(check)
    return [(node.lineno + first - 1, node.end_lineno + first - 1)
            for node in ast.walk(ast.parse(textwrap.dedent("".join(lines)))) if isinstance(node, ast.Yield)]


@pytest.mark.parametrize("check", [check for checks in CHECKS.values() for check in checks], ids=lambda check: check.__name__)
def test_every_sentence_of_a_check_has_a_planted_violation(check):
    said = set()
    for plant in PLANTED[check.__name__]:
        evidence = copy.deepcopy(good())
        plant(evidence)
        saying = check(evidence)
        for _ in saying:
            said.add(saying.gi_frame.f_lineno)
    never = [lines for lines in sentences(check) if not said & set(range(lines[0], lines[1] + 1))]
    assert not never


def test_a_check_that_fails_is_a_violation():
    evidence = good()
    del row(evidence.bookings, 101)["state"]
    assert any("could not be judged" in violation.evidence for violation in violations(evidence))


@pytest.mark.parametrize("calls, title", [
    ([rename("A", 10, 11), rename("B", 12, 13)], "B"),
    ([rename("A", 10, 12), rename("B", 11, 13)], "A"), ([rename("A", 10, 12), rename("B", 11, 13)], "B"),
    ([rename("A", 10, 25, UNKNOWN), rename("B", 30, 31)], "A"), ([rename("A", 30, 45, UNKNOWN)], "New"),
    ([rename("A", 30, 31, REFUSED)], "New")])
def test_of_changes_at_one_time_any_may_be_the_last_and_of_unknown_ones_at_any_time(calls, title):
    evidence = good()
    evidence.calls += calls
    row(evidence.shows, 1)["title"] = title
    assert violations(evidence) == []


def test_what_nobody_knows_is_no_violation():
    """Requests whose answers were lost may have had their effect, or not, or have it after a later refusal."""
    evidence = good()
    evidence.calls += [hold(BOB, None, 10, [5], "lost", 100, outcome=UNKNOWN), hold(ANN, None, 10, [6], "made", 100, outcome=UNKNOWN),
                       hold(ANN, None, 10, [6], "made", 120, outcome=REFUSED), cancel_unknown(ANN, 100, 100)]
    evidence.bookings.append(booking(120, ANN, 10, [6], "EXPIRED", 100, None, "made"))
    assert violations(evidence) == []


def cancel_unknown(who, number, when):
    return Call(who, "cancel", f"/bookings/{number}", {}, when, when + 15, UNKNOWN, "ReadTimeout")


def test_a_seat_may_be_sold_again_once_somebody_asked_for_its_end():
    evidence = good()
    evidence.calls.append(cancel_unknown(ANN, 100, 100))
    evidence.calls.append(hold(BOB, 130, 10, [1], "h", 101))
    evidence.bookings.append(booking(130, BOB, 10, [1], "EXPIRED", 100, None, "h"))
    assert violations(evidence) == []
