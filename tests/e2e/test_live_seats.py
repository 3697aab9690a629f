"""Live seat maps on the real binary: what others do appears on every screen, and a screen that was away catches up."""

import contextlib
import re
import signal
import time

import pytest
import requests

from tests.e2e.conftest import BINARY
from tests.e2e.test_defects import make_showing
from tests.event_stream import EventStream
from tests.harness import Platform, Process, free_port


@pytest.fixture
def screens():
    """Opens live seat maps that are closed after the test."""
    with contextlib.ExitStack() as opened:
        def watch(url, schedule, **options):
            return opened.enter_context(contextlib.closing(
                EventStream(url, f"/api/v1/bookings/schedule/{schedule}/seats/stream", **options)))
        yield watch


def tells(state, seat):
    return lambda name, data: name in ("snapshot", "seats") and seat in data.get(state, [])


def streams_of(platform):
    return int(float(re.search(r"^ticketshow_http_streams (\S+)$", requests.get(f"{platform.url}/metrics", timeout=5).text, re.M)[1]))


def wait_for_streams(platform, count):
    give_up = time.monotonic() + 10
    while streams_of(platform) != count:
        assert time.monotonic() < give_up, f"{streams_of(platform)} streams are open, not {count}"
        time.sleep(0.02)


def test_what_one_does_appears_on_the_screens_of_others_within_a_second(platform, screens):
    made = make_showing(platform.admin())
    schedule, seat = made["schedule"]["id"], made["seats"][3]
    watching = [screens(platform.url, schedule) for _ in range(2)]
    for screen in watching:
        assert (screen.status, screen.headers["content-type"], screen.headers["cache-control"]) == (200, "text/event-stream", "no-store")
        name, data = screen.next()
        assert name == "snapshot" and data["on_sale"] and not data["held"] and not data["sold"]
    buyer = platform.user(wallet=1000)
    booking = buyer.hold(schedule, [seat])
    for screen in watching:
        screen.wait_for(tells("held", seat), timeout=1)
    buyer.pay(booking["id"])
    for screen in watching:
        screen.wait_for(tells("sold", seat), timeout=1)
    buyer.delete(f"/bookings/{booking['id']}")
    for screen in watching:
        screen.wait_for(tells("free", seat), timeout=1)


def test_it_tells_nobodys_identity(platform, screens):
    made = make_showing(platform.admin())
    buyer = platform.user()
    buyer.hold(made["schedule"]["id"], made["seats"][:1])
    name, data = screens(platform.url, made["schedule"]["id"]).next()
    assert set(data) == {"version", "on_sale", "held", "sold"}


def test_a_hold_that_ends_turns_free_at_its_time(hasty_platform, screens):
    schedule, free = hasty_platform.open_schedule()
    screen = screens(hasty_platform.url, schedule["id"])
    hasty_platform.user().hold(schedule["id"], free[:1])
    screen.wait_for(tells("held", free[0]), timeout=1)
    held_at = time.monotonic()
    screen.wait_for(tells("free", free[0]), timeout=5)
    assert 1 < time.monotonic() - held_at < 3  # held for two seconds


def test_a_cancelled_showing_is_closed_on_screens(platform, screens):
    admin = platform.admin()
    made = make_showing(admin)
    schedule = made["schedule"]["id"]
    screen = screens(platform.url, schedule)
    platform.user().hold(schedule, made["seats"][:1])
    screen.wait_for(tells("held", made["seats"][0]))
    admin.delete(f"/schedules/{schedule}")
    screen.wait_for(lambda name, _: name == "closed")
    late = screens(platform.url, schedule)
    name, data = late.next()
    assert name == "snapshot" and not data["on_sale"]


def test_who_comes_back_gets_what_he_missed(platform, screens):
    made = make_showing(platform.admin())
    schedule, seats = made["schedule"]["id"], made["seats"]
    screen = screens(platform.url, schedule)
    platform.user().hold(schedule, seats[:1])
    screen.wait_for(tells("held", seats[0]))
    screen.close()
    platform.user().hold(schedule, seats[1:2])
    again = screens(platform.url, schedule, last_event_id=screen.last_id)
    name, data = again.next()
    assert (name, data["held"]) == ("seats", seats[1:2])


@pytest.mark.parametrize("garbage", ["", "1", "-1", "0-0", "a" * 3000, "\u00ff\u00fe", "1; DROP TABLE", "../../etc", "%00%0d%0a", "{}"])
def test_an_id_that_nobody_gave_begins_with_a_snapshot(platform, screens, garbage):
    schedule, _ = platform.open_schedule()
    assert screens(platform.url, schedule["id"], last_event_id=garbage).next()[0] == "snapshot"


def test_a_showing_that_is_not_there_is_a_problem(platform, screens):
    for schedule, status in ((10**9, 404), (0, 422), ("x", 422)):
        assert screens(platform.url, schedule).status == status


@pytest.mark.one_process("reads the metrics of the one gateway")
def test_readers_who_leave_without_a_word_are_forgotten(platform, screens):
    schedule, _ = platform.open_schedule()
    wait_for_streams(platform, 0)
    readers = [screens(platform.url, schedule["id"]) for _ in range(50)]
    wait_for_streams(platform, 50)
    for reader in readers:
        reader.close()
    wait_for_streams(platform, 0)


@pytest.mark.one_process("stops the one process")
def test_streams_end_with_the_server_and_go_on_with_the_next(platform, screens):
    made = make_showing(platform.admin())
    schedule, seats = made["schedule"]["id"], made["seats"]
    readers = [screens(platform.url, schedule) for _ in range(20)]
    for reader in readers:
        reader.next()
    began = time.monotonic()
    platform.process.child.send_signal(signal.SIGTERM)
    for reader in readers:
        reader.wait_for_end()
    platform.process.stop()
    assert time.monotonic() - began < 5, "it waited for its readers"
    platform.start()
    platform.user().hold(schedule, seats[:1])
    again = screens(platform.url, schedule, last_event_id=readers[0].last_id)
    name, data = again.next()
    assert (name, data["held"]) == ("snapshot", seats[:1])


@pytest.mark.one_process("limits of its own")
def test_streams_are_bounded_for_each_address_and_in_all(tmp_path, screens):
    limits = {"HTTP_MAX_STREAMS": "5", "HTTP_MAX_STREAMS_PER_ADDRESS": "3", "HTTP_TRUSTED_PROXIES": "127.0.0.1"}
    with Platform(BINARY, tmp_path, settings=limits) as platform:
        schedule, _ = platform.open_schedule()

        def watch(client):
            return screens(platform.url, schedule["id"], headers={"X-Forwarded-For": client})

        mine = [watch("192.0.2.1") for _ in range(3)]
        assert [each.status for each in mine] == [200] * 3
        refused = watch("192.0.2.1")
        assert refused.status == 429 and int(refused.headers["retry-after"]) > 0
        assert [watch("192.0.2.2").status for _ in range(2)] == [200] * 2
        refused = watch("192.0.2.3")
        assert refused.status == 503 and int(refused.headers["retry-after"]) > 0
        mine[0].close()
        wait_for_streams(platform, 4)
        assert watch("192.0.2.3").status == 200


@pytest.mark.one_process("starts processes of its own")
def test_streams_cross_processes_and_tell_what_other_processes_do(platform, tmp_path, screens):
    """Two gateways, each with a booking process of its own, over one database."""
    platform.process.stop()
    key = {"INTERNAL_KEY_FILE": str(tmp_path / "internal.key"), "BLOB_DIR": str(tmp_path / "blobs"), "BOOKING_MAP_MAX_AGE_MS": "30000"}
    services = "auth", "catalog", "payment", "search", "notification"
    ports = {name: free_port() for name in ("rest", "booking 1", "booking 2", "gateway 1", "gateway 2")}
    urls = {f"{name.upper()}_URL": f"http://127.0.0.1:{ports['rest']}" for name in services}

    def start(name, target, booking, **more):
        settings = {"TARGET": target, "BOOKING_URL": f"http://127.0.0.1:{ports[booking]}", **urls, **key, **more}
        started = Process(platform.binary, platform.environment(**settings), tmp_path / f"{name}.log", ports[name])
        running.callback(started.stop)
        return started

    with contextlib.ExitStack() as running:
        started = [start("rest", ",".join(services), "booking 1", INTERNAL_PORT=str(ports["rest"]))]
        for n in (1, 2):
            started.append(start(f"booking {n}", "booking", f"booking {n}", INTERNAL_PORT=str(ports[f"booking {n}"])))
            started.append(start(f"gateway {n}", "gateway", f"booking {n}", HTTP_PORT=str(ports[f"gateway {n}"])))
        for each in started:
            each.wait_ready()
        first, second = (f"http://127.0.0.1:{ports[f'gateway {n}']}" for n in (1, 2))
        single, platform.port = platform.port, ports["gateway 2"]
        running.callback(setattr, platform, "port", single)
        buyer = platform.user()
        schedule, free = platform.open_schedule(buyer)
        here, there = screens(first, schedule["id"]), screens(second, schedule["id"])
        assert here.next()[0] == "snapshot" and there.next()[0] == "snapshot"
        booking = buyer.hold(schedule["id"], free[:1])
        there.wait_for(tells("held", free[0]), timeout=1)
        here.wait_for(tells("held", free[0]), timeout=1)
        buyer.delete(f"/bookings/{booking['id']}")
        here.wait_for(tells("free", free[0]), timeout=1)
        started[1].stop()  # booking 1: the browsers at its gateway come back elsewhere
        here.wait_for_end()
        again = screens(second, schedule["id"], last_event_id=here.last_id)
        assert again.next()[0] == "snapshot"
    platform.start()
