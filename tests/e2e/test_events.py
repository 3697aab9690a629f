"""What happens between services, on the real binary: dead letters, defects 20 and 23."""

import json
import time

import pytest


def paid_booking(platform, user):
    schedule, free = platform.open_schedule(user)
    booking = user.hold(schedule["id"], free[:1])
    user.pay(booking["id"])
    return booking


def inject(platform, payload, key="0"):
    """An event as a broken publisher would have recorded it; returns its id."""
    return platform.database.sql(f"""
        INSERT INTO booking.outbox (topic, key, schema_version, correlation_id, payload)
        VALUES ('payment.refund_initiated', '{key}', 1, 'test', '{payload}') RETURNING event_id""")[0][0]


def dead_letters(platform):
    return [line.split("\t") for line in platform.command("events", "dead", "list").splitlines()]


def wait_for_dead_letter(platform, event, timeout=150):
    give_up = time.monotonic() + timeout
    while True:
        found = [letter for letter in dead_letters(platform) if letter[1] == event]
        if found:
            return found[0]
        assert time.monotonic() < give_up, "it did not become a dead letter"
        time.sleep(0.2)


def age_attempts(platform, event):
    """Lets time pass for an event that waits for its next attempt."""
    platform.database.sql(f"UPDATE payment.set_aside SET next_attempt_at = now() WHERE event_id = '{event}' AND next_attempt_at IS NOT NULL")


def make_dead(platform, event):
    give_up = time.monotonic() + 60
    while event not in [letter[1] for letter in dead_letters(platform)]:
        assert time.monotonic() < give_up
        age_attempts(platform, event)
        time.sleep(0.1)


@pytest.fixture()
def user(platform):
    return platform.user(wallet=1000)


def test_defect_23_a_poison_message_stops_nobody_and_is_replayed_after_a_fix(platform, user):
    booking = paid_booking(platform, user)
    event = inject(platform, '{"booking_id":"not a number"}')
    user.delete(f"/bookings/{booking['id']}")
    user.wait_for(f"/payments/booking/{booking['id']}", lambda seen: seen["status"] == "REFUNDED")

    make_dead(platform, event)
    service, _, topic, _, _, attempts, error = wait_for_dead_letter(platform, event)
    assert (service, topic, attempts) == ("payment", "payment.refund_initiated", "8 attempts")
    assert "/booking_id must be a number" in error
    shown = platform.command("events", "dead", "show", event)
    assert "not a number" in shown
    assert 'ticketshow_events_dead_letters{consumer="payment"}' in platform.client().session.get(platform.url + "/metrics").text
    assert platform.client().session.get(platform.url + "/health/ready").status_code == 200

    other = paid_booking(platform, user)  # what the event should have said
    fixed = {"booking_id": other["id"], "user_id": user.account["id"], "amount": 1, "currency": "INR", "reason": "a fix", "initiated_by": "SYSTEM"}
    platform.database.sql(f"UPDATE payment.set_aside SET payload = '{json.dumps(fixed)}' WHERE event_id = '{event}'")
    platform.command("events", "dead", "replay", event)
    user.wait_for(f"/payments/booking/{other['id']}", lambda seen: seen["status"] == "REFUNDED")
    assert dead_letters(platform) == []
    assert user.balance() == "1000.00"
    platform.database.sql(f"UPDATE booking.booking SET state = 'CANCELLED' WHERE id = {other['id']}")
    platform.database.sql(f"INSERT INTO booking.refund_request (booking_id, initiated_by, reason) VALUES ({other['id']}, 'SYSTEM', 'a fix')")
    platform.check()


def test_a_dropped_dead_letter_is_gone_and_counts_as_handled(platform):
    event = inject(platform, "not even JSON")
    make_dead(platform, event)
    assert "given up" in platform.command("events", "dead", "drop", event)
    assert dead_letters(platform) == []
    unknown = platform.command("events", "dead", "drop", event, check=False)
    assert unknown.returncode == 1 and "no dead letter" in unknown.stderr
    platform.check()


def test_an_administrator_reads_replays_and_drops_dead_letters_by_the_web(platform, user):
    admin = platform.admin()
    fixable, hopeless = inject(platform, '{"booking_id":"not a number"}', key="1"), inject(platform, "not even JSON", key="2")
    for event in fixable, hopeless:
        make_dead(platform, event)
    letters = admin.get("/operations/dead-letters")
    assert {each["id"] for each in letters} == {fixable, hopeless}
    letter = next(each for each in letters if each["id"] == fixable)
    assert (letter["service"], letter["topic"], letter["type"]) == ("payment", "payment.refund_initiated", "refund_initiated")
    assert (letter["key"], letter["attempts"]) == ("1", 8) and "/booking_id must be a number" in letter["reason"] and letter["failed_at"]
    assert len(admin.get("/operations/dead-letters", skip=1, limit=5)) == 1

    for who in user, platform.client().login(*platform.accounts["STAFF"]):
        for method, path in (("GET", ""), ("POST", f"/payment/{fixable}/replay"), ("DELETE", f"/payment/{fixable}")):
            assert who.raw(method, "/operations/dead-letters" + path).status_code == 403

    booking = paid_booking(platform, user)
    fixed = {"booking_id": booking["id"], "user_id": user.account["id"], "amount": 1, "currency": "INR", "reason": "a fix", "initiated_by": "SYSTEM"}
    platform.database.sql(f"UPDATE payment.set_aside SET payload = '{json.dumps(fixed)}' WHERE event_id = '{fixable}'")
    admin.call("POST", f"/operations/dead-letters/payment/{fixable}/replay", 204)
    user.wait_for(f"/payments/booking/{booking['id']}", lambda seen: seen["status"] == "REFUNDED")
    admin.call("DELETE", f"/operations/dead-letters/payment/{hopeless}", 204)
    assert admin.get("/operations/dead-letters") == [] and dead_letters(platform) == []
    for service, code in (("payment", "DEAD_LETTER_NOT_FOUND"), ("gateway", "SERVICE_NOT_FOUND")):
        assert admin.call("POST", f"/operations/dead-letters/{service}/{hopeless}/replay", 404)["code"] == code
    platform.database.sql(f"UPDATE booking.booking SET state = 'CANCELLED' WHERE id = {booking['id']}")
    platform.database.sql(f"INSERT INTO booking.refund_request (booking_id, initiated_by, reason) VALUES ({booking['id']}, 'SYSTEM', 'a fix')")
    platform.check()


def test_a_letter_of_two_services_asks_whose_it_is_and_errors_stay_one_line(platform):
    for service in "booking", "notification":
        platform.database.sql(f"""
            INSERT INTO {service}.set_aside (event_id, topic, key, schema_version, happened_at, correlation_id, payload, attempts, error)
            VALUES ('shared', 'notification.refund_completed', '1', 1, now(), 'c', '{{}}', 8, E'two\nlines \u001b[31m')""")
    assert [letter[6] for letter in dead_letters(platform)] == ["two\\nlines \\x1b[31m"] * 2
    for word in "replay", "drop":
        refused = platform.command("events", "dead", word, "shared", check=False)
        assert refused.returncode == 1 and "a dead letter of booking and of notification; say which one with --service" in refused.stderr
    platform.command("events", "dead", "drop", "shared", "--service", "booking")
    assert [letter[0] for letter in dead_letters(platform)] == ["notification"]
    platform.command("events", "dead", "drop", "shared")
    assert "No dead letters." in platform.command("events", "dead", "list", check=False).stderr
    assert "--service" in platform.command("events", "dead", "list", "--help")


def test_defect_20_an_event_leaves_with_the_commit_or_not_at_all(platform, user):
    """Every paid cancellation has its events, every event its cancellation, through kills between commit and publish."""
    booking = paid_booking(platform, user)
    platform.restart(FAULT_POINT="outbox.committed")
    user.delete(f"/bookings/{booking['id']}")
    platform.process.child.wait(timeout=15)
    recorded = platform.database.sql(f"SELECT count(*) FROM booking.outbox WHERE key = '{booking['id']}' AND topic = 'payment.refund_initiated'")
    assert recorded == [["1"]]
    platform.start()
    user.wait_for(f"/payments/booking/{booking['id']}", lambda seen: seen["status"] == "REFUNDED")
    platform.check()
