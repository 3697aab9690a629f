"""The reference system's defects, each shown to be absent on the real binary. The numbers are those of the list of defects."""

import concurrent.futures
import datetime
import secrets
import time

import pytest
import requests

from tests.harness import Client


def seat_of(client, schedule_id, seat_id):
    return next(seat for seat in client.get(f"/bookings/schedule/{schedule_id}/seats") if seat["id"] == seat_id)


def wait_until_free(client, schedule_id, seat_id, timeout=6):
    give_up = time.monotonic() + timeout
    while not seat_of(client, schedule_id, seat_id)["is_available"]:
        assert time.monotonic() < give_up, "the hold did not end"
        time.sleep(0.05)


def in_days(days):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)).replace(
        minute=0, second=0, microsecond=0)


def make_showing(admin, days=20, capacity=20, price=100.0, **venue):
    """A show, venue, screen and showing of its own; returns them by name."""
    tag = secrets.token_hex(3)
    made = {"show": admin.post("/shows", 201, title=f"Show {tag}", duration_minutes=90, price=price, description="A test.")}
    made["venue"] = admin.post("/venues", 201, **{"name": f"Venue {tag}", "location": "1 Road", "city": "Testville",
                                                  "opening_time": "00:00", "closing_time": "00:00", **venue})
    made["screen"] = admin.post("/screens", 201, venue_id=made["venue"]["id"], name="One", capacity=capacity)
    made["schedule"] = admin.post("/schedules", 201, show_id=made["show"]["id"], screen_id=made["screen"]["id"],
                                  start_time=in_days(days).isoformat())
    seats = admin.get(f"/bookings/schedule/{made['schedule']['id']}/seats")
    made["seats"] = [seat["id"] for seat in seats]
    return made


@pytest.fixture(scope="module")
def admin(platform):
    return platform.admin()


# ---- seats


def test_defect_01_a_sold_seat_stays_sold(hasty_platform):
    buyer, other = hasty_platform.user(wallet=1000), hasty_platform.user()
    schedule, free = hasty_platform.open_schedule()
    booking = buyer.hold(schedule["id"], free[:1])
    assert buyer.pay(booking["id"])["status"] == "COMPLETED"
    time.sleep(3)  # the reference forgets the sale when the lock's time is over
    problem = other.hold(schedule["id"], free[:1], expect=409)
    assert problem["code"] == "SEATS_TAKEN" and problem["seat_ids"] == free[:1]
    hasty_platform.check()


def test_defect_02_a_late_payment_never_takes_a_resold_seat(hasty_platform):
    late, quick = hasty_platform.user(wallet=1000), hasty_platform.user(wallet=1000)
    schedule, free = hasty_platform.open_schedule()
    booking = late.hold(schedule["id"], free[:1])
    wait_until_free(late, schedule["id"], free[0])
    resold = quick.hold(schedule["id"], free[:1])
    assert quick.pay(resold["id"])["status"] == "COMPLETED"
    payment = late.pay(booking["id"])
    assert payment["status"] == "REFUNDED" and payment["failure_reason"]
    assert late.balance() == "1000.00"
    assert late.get(f"/bookings/{booking['id']}")["status"] == "EXPIRED"
    hasty_platform.check()


def test_defect_02_a_late_payment_takes_its_own_free_seats_again(hasty_platform):
    late = hasty_platform.user(wallet=1000)
    schedule, free = hasty_platform.open_schedule()
    booking = late.hold(schedule["id"], free[:1])
    wait_until_free(late, schedule["id"], free[0])
    assert late.pay(booking["id"])["status"] == "COMPLETED"
    assert late.get(f"/bookings/{booking['id']}")["status"] == "CONFIRMED"
    assert seat_of(late, schedule["id"], free[0])["is_booked"]
    hasty_platform.check()


def test_defect_03_a_hold_blocks_the_seat_in_its_own_showing_only(platform, admin):
    made = make_showing(admin)
    again = admin.post("/schedules", 201, show_id=made["show"]["id"], screen_id=made["screen"]["id"],
                       start_time=in_days(21).isoformat())
    user = platform.user()
    user.hold(made["schedule"]["id"], made["seats"][:1])
    assert seat_of(user, again["id"], made["seats"][0])["is_available"]
    user.hold(again["id"], made["seats"][:1])


def test_defect_04_cancelling_a_stale_booking_frees_no_strangers_hold(hasty_platform):
    stale, stranger = hasty_platform.user(), hasty_platform.user()
    schedule, free = hasty_platform.open_schedule()
    booking = stale.hold(schedule["id"], free[:1])
    wait_until_free(stale, schedule["id"], free[0])
    stranger.hold(schedule["id"], free[:1])
    stale.raw("DELETE", f"/bookings/{booking['id']}")
    assert not seat_of(stale, schedule["id"], free[0])["is_available"]
    assert stale.get(f"/bookings/{booking['id']}")["status"] in ("EXPIRED", "CANCELLED")


def test_defect_05_a_hold_ends_within_a_second_of_its_time(hasty_platform):
    user = hasty_platform.user()
    schedule, free = hasty_platform.open_schedule()
    booking = user.hold(schedule["id"], free[:1])
    expires = datetime.datetime.fromisoformat(booking["expires_at"].replace("Z", "+00:00"))
    user.wait_for(f"/bookings/{booking['id']}", lambda seen: seen["status"] == "EXPIRED")
    late = (datetime.datetime.now(datetime.timezone.utc) - expires).total_seconds()
    assert late < 1.5, f"{late} s after its time"
    wait_until_free(user, schedule["id"], free[0], timeout=1)


def test_defect_06_one_account_cannot_block_a_whole_screen(platform, admin):
    made = make_showing(admin, capacity=60)
    greedy = platform.user()
    greedy.hold(made["schedule"]["id"], made["seats"][:10])
    greedy.hold(made["schedule"]["id"], made["seats"][10:20])
    assert greedy.hold(made["schedule"]["id"], made["seats"][20:21], expect=409)["code"] == "TOO_MANY_HOLDS"
    problem = greedy.hold(made["schedule"]["id"], made["seats"][20:31], expect=422)
    assert problem["errors"][0]["pointer"] == "/seat_ids"


def test_defect_06_a_showing_that_has_begun_is_not_sold(platform, admin):
    made = make_showing(admin)
    for table, column in (("catalog.schedule", "starts_at"), ("booking.schedule", "start_time")):
        platform.database.sql(f"UPDATE {table} SET {column} = now() - interval '1 minute' WHERE id = {made['schedule']['id']}")
    platform.restart()
    assert platform.user().hold(made["schedule"]["id"], made["seats"][:1], expect=409)["code"] == "SALES_CLOSED"


def test_defect_07_an_idempotency_key_belongs_to_its_account_and_its_wish(platform, admin):
    made = make_showing(admin)
    one, other = platform.user(), platform.user()
    first = one.hold(made["schedule"]["id"], made["seats"][:1], key="same key")
    assert one.hold(made["schedule"]["id"], made["seats"][:1], key="same key")["id"] == first["id"]
    assert one.hold(made["schedule"]["id"], made["seats"][1:2], key="same key", expect=409)["code"] == "IDEMPOTENCY_CONFLICT"
    foreign = other.hold(made["schedule"]["id"], made["seats"][2:3], key="same key")
    assert foreign["id"] != first["id"] and foreign["user_id"] == other.account["id"]


def test_defect_07_five_equal_requests_at_once_make_one_booking(platform, admin):
    made = make_showing(admin)
    user = platform.user()

    def hold(_):
        client = Client(platform.url)
        client.token = user.token
        return client.hold(made["schedule"]["id"], made["seats"][:2], key="one wish")["id"]

    with concurrent.futures.ThreadPoolExecutor(5) as pool:
        assert len(set(pool.map(hold, range(5)))) == 1


# ---- money


def test_defect_08_the_payer_is_who_the_token_says(platform, admin):
    made = make_showing(admin)
    rich, poor = platform.user(wallet=1000), platform.user(wallet=0.01)
    booking = poor.hold(made["schedule"]["id"], made["seats"][:1])
    problem = poor.pay(booking["id"], expect=402, user_id=rich.account["id"], user_email=rich.account["email"])
    assert problem["code"] == "INSUFFICIENT_FUNDS"
    assert rich.balance() == "1000.00"
    assert poor.get(f"/bookings/{booking['id']}")["status"] == "PENDING"


def test_defect_09_nobody_reads_or_touches_what_is_anothers(platform, admin):
    made = make_showing(admin)
    owner, stranger = platform.user(wallet=1000), platform.user(wallet=1000)
    booking = owner.hold(made["schedule"]["id"], made["seats"][:1])
    payment = owner.pay(booking["id"])
    for path in (f"/payments/{payment['id']}", f"/payments/booking/{booking['id']}", f"/bookings/{booking['id']}"):
        stranger.get(path, expect=404)
        platform.client().get(path, expect=401)
    stranger.delete(f"/bookings/{booking['id']}", expect=404)
    stranger.pay(booking["id"], expect=404)
    assert stranger.get("/payments") == [] and stranger.get("/bookings") == []
    assert owner.get(f"/bookings/{booking['id']}")["status"] == "CONFIRMED"


def test_defect_10_parallel_payments_take_the_money_once(platform, admin):
    made = make_showing(admin)
    user = platform.user(wallet=1000)
    booking = user.hold(made["schedule"]["id"], made["seats"][:2])

    def pay(_):
        client = Client(platform.url)
        client.token = user.token
        return client.raw("POST", "/payments", json={"booking_id": booking["id"], "payment_method": "WALLET"}).status_code

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        statuses = set(pool.map(pay, range(8)))
    assert 201 in statuses and statuses <= {201, 409}
    assert user.balance() == "800.00"
    platform.check()


def test_defect_10_a_cancelled_booking_cannot_be_paid(platform, admin):
    made = make_showing(admin)
    user = platform.user(wallet=1000)
    booking = user.hold(made["schedule"]["id"], made["seats"][:1])
    user.delete(f"/bookings/{booking['id']}")
    assert user.pay(booking["id"], expect=409)["code"] == "BOOKING_NOT_PAYABLE"
    assert user.balance() == "1000.00"


def test_defect_15_the_wallet_is_spent_and_shows_every_movement(platform, admin):
    made = make_showing(admin)
    user = platform.user(wallet=250)
    user.pay(user.hold(made["schedule"]["id"], made["seats"][:2])["id"])
    wallet = user.get("/auth/wallet")
    assert wallet["current_amount"] == "50.00"
    assert [(each["transaction_type"], each["amount"]) for each in wallet["transactions"]] == [
        ("DEBIT", "200.00"), ("CREDIT", "250.00")]
    problem = user.pay(user.hold(made["schedule"]["id"], made["seats"][2:3])["id"], expect=402)
    assert problem["code"] == "INSUFFICIENT_FUNDS"


def test_defect_16_and_17_no_open_door_credits_a_wallet(platform):
    user = platform.user()
    body = {"user_id": user.account["id"], "amount": 5, "kind": "CREDIT", "reference": "x", "description": "x"}
    for client in (user, platform.client(), platform.admin()):
        for path in ("/internal/wallet/credit", "/internal/wallet/debit"):
            assert client.raw("POST", path, json=body).status_code == 404
            assert requests.post(platform.url + path, json=body, timeout=10).status_code == 404
    for path in ("/internal/bookings/1", "/internal/schedules/1", "/internal/auth/revoked-sessions"):
        assert user.raw("GET", path).status_code == 404


# ---- security


def test_defect_18_a_session_can_be_ended_and_its_tokens_die(platform):
    user = platform.user()
    user.get("/auth/me")
    user.post("/auth/logout")
    give_up = time.monotonic() + 5
    while user.raw("GET", "/auth/me").status_code != 401:
        assert time.monotonic() < give_up, "the access token outlived its session"
        time.sleep(0.1)
    user.post("/auth/refresh", expect=401)


def test_defect_18_other_origins_get_no_cors_headers(platform):
    answer = platform.client().raw("GET", "/shows", headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers


# ---- consistency


def test_defect_22_a_cascade_catches_bookings_made_meanwhile(platform, admin):
    made = make_showing(admin, capacity=200)
    users = [platform.user(wallet=10_000) for _ in range(4)]
    stop = []

    def keep_buying(index):
        user, place = users[index], index * 50
        while not stop and place < index * 50 + 50:
            answer = user.raw("POST", "/bookings", json={"schedule_id": made["schedule"]["id"], "seat_ids": [made["seats"][place]],
                                                         "idempotency_key": secrets.token_hex(8)})
            if answer.status_code == 201 and place % 2:
                user.raw("POST", "/payments", json={"booking_id": answer.json()["id"], "payment_method": "WALLET"})
            place += 1

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        running = [pool.submit(keep_buying, index) for index in range(4)]
        time.sleep(0.1)
        admin.delete(f"/shows/{made['show']['id']}")
        stop.append(True)
        for each in running:
            each.result()
    assert users[0].hold(made["schedule"]["id"], made["seats"][-1:], expect=409)["code"] == "SALES_CLOSED"
    payments = []
    for user in users:
        user.wait_for("/bookings?limit=100", lambda seen: all(each["status"] == "CANCELLED" for each in seen))
        payments += user.wait_for("/payments?limit=100", lambda seen: all(each["status"] == "REFUNDED" for each in seen))
        assert user.balance() == "10000.00"
    done = admin.wait_for(f"/shows/{made['show']['id']}/cancellation", lambda seen: seen["state"] == "DONE")
    assert done["bookings"] == done["bookings_cancelled"] == sum(len(user.get("/bookings?limit=100")) for user in users)
    # A payment that came too late for its booking gives itself back: it is none of the cancellation's refunds.
    late = sum(payment["failure_reason"] != "The showing was cancelled." for payment in payments)
    assert done["refunds_done"] == len(payments) - late and done["refunds_pending"] == 0
    platform.check()


@pytest.mark.parametrize("what", ["show", "schedule", "venue"])
def test_the_administrator_sees_what_a_cancellation_would_do_and_how_far_it_is(platform, admin, what):
    made = make_showing(admin)
    paying, holding = platform.user(wallet=1000), platform.user()
    booking = paying.hold(made["schedule"]["id"], made["seats"][:2])
    paying.pay(booking["id"])
    holding.hold(made["schedule"]["id"], made["seats"][2:3])
    path = f"/{what}s/{made[what]['id']}"
    paying.get(f"{path}/cancellation", expect=403)
    before = admin.get(f"{path}/cancellation")
    assert before["state"] == "NONE" and before.get("started_at") is None
    assert (before["showings"], before["bookings"], before["bookings_cancelled"]) == (1, 2, 0)
    assert (before["refunds_pending"], before["refunds_pending_amount"]) == (1, "200.00")

    admin.delete(path)
    assert holding.hold(made["schedule"]["id"], made["seats"][-1:], expect=409)["code"] == "SALES_CLOSED"
    assert admin.get(f"{path}/cancellation")["state"] in ("RUNNING", "DONE")
    after = admin.wait_for(f"{path}/cancellation", lambda seen: seen["state"] == "DONE")
    assert (after["showings"], after["bookings"], after["bookings_cancelled"]) == (1, 2, 2)
    assert (after["refunds_pending"], after["refunds_done"], after["refunds_done_amount"]) == (0, 1, "200.00")
    assert after["started_at"] <= after["finished_at"]
    assert paying.balance() == "1000.00"
    admin.get(f"/{what}s/999999999/cancellation", expect=404)


def test_defect_24_nothing_is_refunded_once_the_show_has_begun(platform, admin):
    made = make_showing(admin)
    user = platform.user(wallet=1000)
    booking = user.hold(made["schedule"]["id"], made["seats"][:1])
    user.pay(booking["id"])
    platform.database.sql(f"UPDATE booking.schedule SET start_time = now() - interval '3 hours' WHERE id = {made['schedule']['id']}")
    platform.database.sql(f"UPDATE booking.booking SET show_time = now() - interval '3 hours' WHERE id = {booking['id']}")
    platform.restart()
    assert user.delete(f"/bookings/{booking['id']}", expect=409)["code"] == "NOT_CANCELLABLE"
    assert user.get(f"/bookings/{booking['id']}")["status"] == "CONFIRMED"
    assert user.balance() == "900.00"


# ---- catalogue and pages


def test_defect_25_times_with_z_and_with_offsets_are_the_same(platform, admin):
    made = make_showing(admin)
    for start in ("2030-01-05T12:00:00Z", "2030-01-06T17:30:00+05:30"):
        schedule = admin.post("/schedules", 201, show_id=made["show"]["id"], screen_id=made["screen"]["id"], start_time=start)
        assert schedule["start_time"].endswith("T12:00:00Z")
    problem = admin.post("/schedules", 422, show_id=made["show"]["id"], screen_id=made["screen"]["id"],
                         start_time="2030-01-07T12:00:00")
    assert problem["errors"][0]["pointer"] == "/start_time"


def test_defect_25_venue_hours_are_the_venues_and_may_pass_midnight(platform, admin):
    made = make_showing(admin, days=20)
    night = admin.post("/venues", 201, name=f"Night {secrets.token_hex(3)}", location="1 Road", city="Testville",
                       opening_time="18:00", closing_time="02:00", time_zone="America/New_York")
    screen = admin.post("/screens", 201, venue_id=night["id"], name="One", capacity=10)

    def place(start, expect):
        return admin.post("/schedules", expect, show_id=made["show"]["id"], screen_id=screen["id"], start_time=start)

    place("2030-01-05T23:45:00-05:00", 201)  # ends 01:15, still open
    assert place("2030-01-06T00:30:00-05:00", 409)["code"] == "SCHEDULE_OVERLAPS"  # the day after, by the calendar
    assert place("2030-01-07T01:00:00-05:00", 422)["code"] == "OUTSIDE_VENUE_HOURS"  # would end 02:30
    assert place("2030-01-08T12:00:00-05:00", 422)["code"] == "OUTSIDE_VENUE_HOURS"


def test_defect_26_an_overlap_is_a_conflict(platform, admin):
    made = make_showing(admin)
    problem = admin.post("/schedules", 409, show_id=made["show"]["id"], screen_id=made["screen"]["id"],
                         start_time=made["schedule"]["start_time"])
    assert problem["code"] == "SCHEDULE_OVERLAPS"


def test_defect_27_a_showing_with_live_bookings_is_not_moved(platform, admin):
    made = make_showing(admin)
    user = platform.user()
    booking = user.hold(made["schedule"]["id"], made["seats"][:1])
    problem = admin.patch(f"/schedules/{made['schedule']['id']}", 409, start_time=in_days(25).isoformat())
    assert problem["code"] == "HAS_LIVE_BOOKINGS"
    user.hold(made["schedule"]["id"], made["seats"][1:2])  # still on sale
    for each in user.get("/bookings"):
        user.delete(f"/bookings/{each['id']}")
    moved = admin.patch(f"/schedules/{made['schedule']['id']}", start_time=in_days(25).isoformat())
    assert moved["start_time"] != made["schedule"]["start_time"]
    again = user.hold_when_on_sale(made["schedule"]["id"], made["seats"][:1])
    assert again["show_time"] == moved["start_time"] and again["id"] != booking["id"]


def test_defect_27_a_single_showing_can_be_cancelled(platform, admin):
    made = make_showing(admin)
    user = platform.user(wallet=1000)
    booking = user.hold(made["schedule"]["id"], made["seats"][:3])
    user.pay(booking["id"])
    assert admin.delete(f"/schedules/{made['schedule']['id']}")["status"] == "CANCELLED"
    user.wait_for(f"/bookings/{booking['id']}", lambda seen: seen["status"] == "CANCELLED")
    user.wait_for(f"/payments/booking/{booking['id']}", lambda seen: seen["status"] == "REFUNDED")
    assert user.balance() == "1000.00"
    assert admin.get(f"/shows/{made['show']['id']}")["status"] == "ACTIVE"
    platform.check()


def test_defect_29_a_password_can_be_changed(platform):
    user = platform.user()
    elsewhere = platform.client().login(user.account["email"], "correct horse")
    user.post("/auth/change-password", 403, current_password="wrong one!", new_password="battery staple")
    changed = user.post("/auth/change-password", current_password="correct horse", new_password="battery staple")
    user.token = changed["access_token"]
    user.get("/auth/me")
    elsewhere.post("/auth/refresh", expect=401)
    platform.client().post("/auth/login", 401, email=user.account["email"], password="correct horse")
    platform.client().login(user.account["email"], "battery staple")


def test_defect_29_a_pending_booking_can_be_resumed_elsewhere(platform, admin):
    made = make_showing(admin)
    user = platform.user(wallet=1000)
    booking = user.hold(made["schedule"]["id"], made["seats"][:1])
    phone = platform.client().login(user.account["email"], "correct horse")
    found = phone.get("/bookings", status="PENDING")
    assert [each["id"] for each in found] == [booking["id"]]
    assert found[0]["expires_at"] == booking["expires_at"] and found[0]["seat_labels"] == booking["seat_labels"]
    assert phone.pay(booking["id"])["status"] == "COMPLETED"


def test_defect_29_sample_screens_have_their_seats(platform):
    client = platform.client()
    for screen in client.get("/screens", limit=100):
        assert screen["capacity"] > 0
    schedule, free = platform.open_schedule(client)
    assert len(free) > 0


# ---- the reference clients' ways


def test_both_spellings_of_a_list_answer(platform):
    client = platform.client()
    assert client.get("/shows") == client.get("/shows/")
    assert requests.get(f"{platform.url}/api/v1/venues/", timeout=10).status_code == 200
