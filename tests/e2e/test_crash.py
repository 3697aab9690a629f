"""kill -9 at every step of hold, pay and cancel, then a restart: nothing acknowledged is lost, no money is, no seat is sold twice."""

import secrets
import signal
import subprocess
import threading
import time

import pytest
import requests

from tests.card_sandbox import CardPlatform, enter_card
from tests.e2e.conftest import BINARY
from tests.e2e.test_defects import in_days, make_showing
from tests.e2e.test_mail import MAILING
from tests.e2e.test_posters import POSTERS, upload
from tests.fault_points import fault_points
from tests.harness import Client
from tests.pictures import sample_png

PAYING = ["payment.intent_recorded", "payment.debited", "payment.capture_recorded", "payment.settled", "payment.completed"]
CARD_PAYING = ["payment.checkout_opened", "payment.checkout_recorded", "payment.notice_recorded", "payment.card_capture_recorded"]
CARD_REFUNDING = ["payment.card_refund_recorded", "payment.card_refund_sent", "payment.card_refund_noted"]
CARD_FILLING = ["payment.topped_up"]
CASCADE = ["catalog.cancelled", "booking.cascade_cancelling", "booking.cascade_cancelled"]
EVENTS = ["outbox.committed", "outbox.published", "consumer.effect_made", "consumer.effect_committed"]
REFUNDING = ["booking.cancelled", *EVENTS, "payment.refund_credited", "payment.refund_completed"]
MOVING = {"catalog.suspended": False, "catalog.moved": True}  # whether it has moved then
SINGLE = ["booking.held", "booking.expired", "booking.retaking", "payment.refund_recorded", "payment.put_off"]


def test_every_fault_point_of_the_program_is_exercised():
    assert set().union(*fault_points().values()) == {
        *PAYING, *REFUNDING, *CASCADE, *MOVING, *SINGLE, *MAILING, *CARD_PAYING, *CARD_REFUNDING, *CARD_FILLING, *POSTERS}


def crashes(platform, act):
    """Runs `act`, during or after which the server must kill itself at its fault point."""
    try:
        act()
    except (requests.RequestException, AssertionError):
        pass  # the answer never came
    assert platform.process.child.wait(timeout=15) == -signal.SIGKILL
    # Half a minute passes: what the dead process had to itself for a while is anybody's.
    platform.database.sql("""UPDATE bus.progress SET held_until = now(); DELETE FROM bus.member;
                             UPDATE booking.suspension SET until = now()""")


@pytest.mark.parametrize("point", PAYING)
def test_a_payment_cut_off_at_any_step_ends_well(platform, point):
    user = platform.user(wallet=1000)
    schedule, free = platform.open_schedule(user)
    booking = user.hold(schedule["id"], free[:1])
    platform.restart_quietly(FAULT_POINT=point)
    crashes(platform, lambda: user.pay(booking["id"]))
    platform.start()

    payment = user.wait_for(f"/payments/booking/{booking['id']}", lambda seen: seen["status"] != "PENDING", timeout=30)
    assert payment["status"] == "COMPLETED"
    assert user.get(f"/bookings/{booking['id']}")["status"] == "CONFIRMED"
    assert float(user.balance()) == 1000 - float(booking["total_amount"])
    platform.check()


@pytest.mark.parametrize("point", REFUNDING)
def test_a_cancellation_cut_off_at_any_step_gives_the_money_back_once(platform, point):
    user = platform.user(wallet=1000)
    schedule, free = platform.open_schedule(user)
    booking = user.hold(schedule["id"], free[:1])
    user.pay(booking["id"])
    platform.restart_quietly(FAULT_POINT=point)
    crashes(platform, lambda: user.delete(f"/bookings/{booking['id']}"))
    platform.start()

    user.wait_for(f"/payments/booking/{booking['id']}", lambda seen: seen["status"] == "REFUNDED", timeout=30)
    assert user.get(f"/bookings/{booking['id']}")["status"] == "CANCELLED"
    assert user.balance() == "1000.00"
    platform.check()


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    with CardPlatform(BINARY, tmp_path_factory.mktemp("card_crashes")) as started:
        yield started


@pytest.mark.parametrize("point", CARD_PAYING)
def test_a_card_payment_cut_off_at_any_step_is_made_once(shop, point):
    user = shop.platform.user()
    booking = shop.hold(user)
    shop.platform.restart_quietly(FAULT_POINT=point)
    crashes(shop.platform, lambda: enter_card(shop.begin(user, booking)["checkout_url"]))
    shop.platform.start()

    path = f"/payments/booking/{booking['id']}"
    if point.startswith("payment.checkout"):
        enter_card(user.wait_for(path, lambda seen: seen["checkout_url"], timeout=30)["checkout_url"])
    payment = user.wait_for(path, lambda seen: seen["status"] == "COMPLETED", timeout=60)
    assert user.get(f"/bookings/{booking['id']}")["status"] == "CONFIRMED"
    assert not shop.cards.refunds_of(payment["transaction_id"])
    shop.platform.check()


@pytest.mark.parametrize("point", CARD_REFUNDING)
def test_defect_14_a_refund_to_a_card_cut_off_at_any_step_is_made_once(shop, point):
    user = shop.platform.user()
    booking = shop.hold(user)
    enter_card(shop.begin(user, booking)["checkout_url"])
    path = f"/payments/booking/{booking['id']}"
    payment = user.wait_for(path, lambda seen: seen["status"] == "COMPLETED", timeout=30)
    shop.platform.restart_quietly(FAULT_POINT=point)
    crashes(shop.platform, lambda: user.delete(f"/bookings/{booking['id']}"))
    shop.platform.start()

    user.wait_for(path, lambda seen: seen["status"] == "REFUNDED", timeout=60)
    assert len(shop.cards.refunds_of(payment["transaction_id"])) == 1
    shop.platform.check()


@pytest.mark.parametrize("point", CARD_FILLING)
def test_a_top_up_cut_off_between_its_capture_and_its_record_fills_the_wallet_once(shop, point):
    user = shop.platform.user()
    begun = user.post("/payments/top-up", 201, amount=500, idempotency_key=secrets.token_hex(8))
    shop.platform.restart_quietly(FAULT_POINT=point)
    crashes(shop.platform, lambda: enter_card(begun["checkout_url"]))
    shop.platform.start()

    user.wait_for(f"/payments/top-ups/{begun['id']}", lambda seen: seen["status"] == "COMPLETED", timeout=30)
    assert user.balance() == "500.00"
    shop.platform.check()


@pytest.mark.parametrize("point", CASCADE + EVENTS)
def test_defects_20_and_22_a_cascade_cut_off_at_any_step_comes_to_its_end(platform, point):
    admin = platform.admin()
    made = make_showing(admin)
    users = [platform.user(wallet=1000) for _ in range(4)]
    for index, user in enumerate(users):
        booking = user.hold(made["schedule"]["id"], made["seats"][2 * index:2 * index + 2])
        if index != 3:
            user.pay(booking["id"])
    platform.restart_quietly(FAULT_POINT=point)
    crashes(platform, lambda: admin.delete(f"/shows/{made['show']['id']}"))
    platform.start()

    done = admin.wait_for(f"/shows/{made['show']['id']}/cancellation", lambda seen: seen["state"] == "DONE", timeout=30)
    assert (done["bookings_cancelled"], done["refunds_done"], done["refunds_done_amount"]) == (4, 3, "600.00")
    assert users[0].hold(made["schedule"]["id"], made["seats"][-1:], expect=409)["code"] == "SALES_CLOSED"
    for user in users:
        assert user.balance() == "1000.00"
    platform.check()


@pytest.mark.parametrize("point, moves", MOVING.items())
def test_defect_27_a_move_cut_off_at_any_step_sells_the_showing_as_it_is(platform, point, moves):
    admin = platform.admin()
    made = make_showing(admin)
    platform.restart_quietly(FAULT_POINT=point)
    crashes(platform, lambda: admin.patch(f"/schedules/{made['schedule']['id']}", start_time=in_days(25).isoformat()))
    platform.start()

    booking = platform.user().hold_when_on_sale(made["schedule"]["id"], made["seats"][:1])
    now = admin.get(f"/schedules/{made['schedule']['id']}")["start_time"]
    assert booking["show_time"] == now and (now != made["schedule"]["start_time"]) == moves
    platform.check()


def test_a_hold_cut_off_after_its_commit_is_answered_by_its_key(platform):
    user = platform.user()
    schedule, free = platform.open_schedule(user)
    key = secrets.token_hex(8)
    platform.restart(FAULT_POINT="booking.held")
    crashes(platform, lambda: user.hold(schedule["id"], free[:2], key=key))
    platform.start()

    booking = user.hold(schedule["id"], free[:2], key=key)
    assert [each["id"] for each in user.get("/bookings")] == [booking["id"]]
    platform.check()


class RowLock:
    """Somebody else's transaction that keeps rows locked while this lives: statements that need them wait."""

    def __init__(self, platform, query):
        self.psql = subprocess.Popen(["psql", platform.database.admin_url, "-XqAt"], stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, text=True)
        self.psql.stdin.write(f"BEGIN;\n{query} FOR UPDATE;\n")
        self.psql.stdin.flush()
        assert self.psql.stdout.readline().strip(), "there is no such row"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.psql.stdin.close()
        self.psql.wait(timeout=10)


def wait_for_rows(platform, query, timeout=20):
    give_up = time.monotonic() + timeout
    while not platform.database.sql(query):
        assert time.monotonic() < give_up, query
        time.sleep(0.02)


def test_a_hold_whose_commit_the_process_does_not_live_to_see_is_made_once_or_not_at_all(platform):
    user = platform.user()
    schedule, free = platform.open_schedule(user)
    user.get(f"/bookings/schedule/{schedule['id']}/seats")
    key = secrets.token_hex(8)
    with RowLock(platform, f"SELECT id FROM booking.schedule WHERE id = {schedule['id']}"):
        lost = threading.Thread(target=lambda: pytest.raises(requests.RequestException, user.hold, schedule["id"], free[:2], key))
        lost.start()
        wait_for_rows(platform, "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
                                "AND usename = 'ticketshow_booking' AND wait_event_type = 'Lock'")
        platform.process.stop(signal.SIGKILL)
        lost.join()
    platform.start()

    booking = user.hold(schedule["id"], free[:2], key=key)
    assert [each["id"] for each in user.get("/bookings")] == [booking["id"]]
    platform.check()


def test_holds_that_the_sweeper_expired_stay_expired(hasty_platform):
    user = hasty_platform.user()
    schedule, free = hasty_platform.open_schedule(user)
    hasty_platform.restart(FAULT_POINT="booking.expired")
    booking = user.hold(schedule["id"], free[:2])
    assert hasty_platform.process.child.wait(timeout=15) == -signal.SIGKILL
    hasty_platform.start()

    assert user.get(f"/bookings/{booking['id']}")["status"] == "EXPIRED"
    user.hold(schedule["id"], free[:2])
    hasty_platform.check()


def test_a_late_payment_cut_off_while_it_takes_its_seats_again_has_them_in_the_end(hasty_platform):
    user = hasty_platform.user(wallet=1000)
    schedule, free = hasty_platform.open_schedule(user)
    booking = user.hold(schedule["id"], free[:1])
    user.wait_for(f"/bookings/{booking['id']}", lambda seen: seen["status"] == "EXPIRED")
    hasty_platform.restart(FAULT_POINT="booking.retaking")
    crashes(hasty_platform, lambda: user.pay(booking["id"]))
    hasty_platform.start()

    user.wait_for(f"/payments/booking/{booking['id']}", lambda seen: seen["status"] == "COMPLETED", timeout=30)
    assert user.get(f"/bookings/{booking['id']}")["status"] == "CONFIRMED"
    hasty_platform.check()


def test_money_for_seats_that_are_gone_comes_back_after_a_cut(hasty_platform):
    late, quick = hasty_platform.user(wallet=1000), hasty_platform.user(wallet=1000)
    schedule, free = hasty_platform.open_schedule(late)
    lost = late.hold(schedule["id"], free[:1])
    late.wait_for(f"/bookings/{lost['id']}", lambda seen: seen["status"] == "EXPIRED")
    quick.pay(quick.hold(schedule["id"], free[:1])["id"])
    hasty_platform.restart(FAULT_POINT="payment.refund_recorded")
    crashes(hasty_platform, lambda: late.pay(lost["id"]))
    hasty_platform.start()

    late.wait_for(f"/payments/booking/{lost['id']}", lambda seen: seen["status"] == "REFUNDED", timeout=30)
    assert late.balance() == "1000.00"
    hasty_platform.check()


def test_a_payment_cut_off_before_it_is_put_off_is_taken_up_again(platform):
    user = platform.user(wallet=1000)
    schedule, free = platform.open_schedule(user)
    booking = user.hold(schedule["id"], free[:1])
    platform.restart(FAULT_POINT="payment.put_off")
    with RowLock(platform, f"SELECT id FROM booking.booking WHERE id = {booking['id']}"):
        crashes(platform, lambda: user.pay(booking["id"]))  # it waits for the settlement as long as it may
    platform.start()

    user.wait_for(f"/payments/booking/{booking['id']}", lambda seen: seen["status"] == "COMPLETED", timeout=30)
    assert float(user.balance()) == 1000 - float(booking["total_amount"])
    platform.check()


def test_what_was_acknowledged_under_load_survives_a_kill(platform):
    schedule, free = platform.open_schedule(minimum_seats=40)
    users = [platform.user(wallet=100_000) for _ in range(6)]
    acknowledged = {user.account["id"]: [] for user in users}
    enough = threading.Event()

    def buy(user, seats):
        client = Client(platform.url)
        client.token = user.token
        for seat in seats:
            try:
                booking = client.hold(schedule["id"], [seat])
                acknowledged[user.account["id"]].append((booking["id"], "PENDING"))
                if client.pay(booking["id"])["status"] == "COMPLETED":
                    acknowledged[user.account["id"]][-1] = (booking["id"], "CONFIRMED")
            except requests.RequestException:
                return  # killed
            if sum(map(len, acknowledged.values())) >= 15:
                enough.set()

    threads = [threading.Thread(target=buy, args=(user, free[index::6])) for index, user in enumerate(users)]
    for thread in threads:
        thread.start()
    assert enough.wait(30)
    platform.process.stop(signal.SIGKILL)
    for thread in threads:
        thread.join()
    platform.start()

    for user in users:
        for booking_id, least in acknowledged[user.account["id"]]:
            seen = user.wait_for(f"/bookings/{booking_id}", lambda seen, least=least: least == "PENDING" or seen["status"] == least)
            assert seen["status"] in ("PENDING", "CONFIRMED")
        user.wait_for("/payments?limit=100", lambda seen: all(each["status"] == "COMPLETED" for each in seen), timeout=30)
    platform.check()


# An unused poster stays longer than a request may take.
UNUSED_GO_SOON = {"HTTP_REQUEST_TIMEOUT_S": "3", "POSTERS_KEEP_UNUSED_S": "4"}


@pytest.mark.parametrize("point", POSTERS)
def test_an_upload_cut_off_at_any_step_leaves_a_whole_poster_and_no_file_too_many(platform, point):
    platform.restart_quietly(**UNUSED_GO_SOON)
    admin = platform.admin()
    show = admin.post("/shows", expect=201, title=f"Cut {point}", duration_minutes=90, price=100, description="x")
    old = upload(admin, show["id"], sample_png(64, seed=secrets.randbits(32)))
    picture = sample_png(64, seed=secrets.randbits(32))
    platform.restart_quietly(FAULT_POINT=point, **UNUSED_GO_SOON)
    crashes(platform, lambda: upload(admin, show["id"], picture))
    platform.database.sql("UPDATE catalog.poster SET touched_at = '-infinity' WHERE doomed")
    platform.start(**UNUSED_GO_SOON)

    shown = admin.get(f"/shows/{show['id']}")
    assert (shown["poster"] == old["poster"]) == (point == "catalog.poster_kept"), "before the commit the old, after it the new"
    for file in shown["poster"]["webp"] + shown["poster"]["jpeg"]:
        assert requests.get(platform.url + file["url"], timeout=10).status_code == 200
    give_up = time.monotonic() + 30
    while kept_posters(platform) != used_posters(platform):
        assert time.monotonic() < give_up, kept_posters(platform) ^ used_posters(platform)
        time.sleep(0.1)
    upload(admin, show["id"], picture)


def kept_posters(platform):
    return {path.parent.name for path in (platform.directory / "data/blobs/posters").rglob("*.webp")}


def used_posters(platform):
    rows = platform.database.sql("SELECT DISTINCT poster FROM catalog.show WHERE poster IS NOT NULL")
    return {name for (name,) in rows}
