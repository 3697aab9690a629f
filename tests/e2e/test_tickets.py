"""Tickets and doors on the real binary: codes that cannot be forged or used twice (defect 19), staff, scanners without a network."""

import base64
import concurrent.futures
import datetime
import json
import pathlib
import secrets
import subprocess
import time

import pytest

from tests.e2e.conftest import BINARY, platform_on
from tests.e2e.test_defects import make_showing
from tests.harness import Platform


@pytest.fixture(scope="module")
def cinema(request):
    """All showings' doors are open: those of the tests begin in weeks."""
    for started in platform_on(request, lambda: {"BOOKING_DOORS_OPEN_BEFORE_MIN": "100000"}):
        yield started
        started.check()


@pytest.fixture(scope="module")
def admin(cinema):
    return cinema.admin()


def staff_of(cinema, admin, venue_id):
    email, password = f"door.{secrets.token_hex(4)}@example.com", "correct horse"
    account = admin.post("/auth/staff", 201, email=email, password=password, username="Doors", venue_id=venue_id)
    client = cinema.client().login(email, password)
    client.account = account
    return client


@pytest.fixture(scope="module")
def house(cinema, admin):
    """A showing with its staff and somebody who has bought two seats of it."""
    made = make_showing(admin)
    made["staff"] = staff_of(cinema, admin, made["venue"]["id"])
    return made


def buy(cinema, made, count=2):
    owner = cinema.user(wallet=5000)
    free = [s["id"] for s in owner.get(f"/bookings/schedule/{made['schedule']['id']}/seats") if s["is_available"]]
    booking = owner.hold(made["schedule"]["id"], free[:count])
    owner.pay(booking["id"])
    return owner, owner.get(f"/bookings/{booking['id']}")


def scan(staff, code, **more):
    return staff.post("/tickets/scan", code=code, device="north", **more)


def test_defect_19_a_ticket_is_signed_admits_once_and_dies_with_its_booking(cinema, house):
    owner, booking = buy(cinema, house)
    first, second = booking["tickets"]
    assert len(first["code"]) == 148 and first["state"] == "VALID" and first["code"] != second["code"]
    assert booking["ticket_qr_urls"][0] == f"/api/v1/bookings/{booking['id']}/tickets/{first['seat_id']}.svg"
    admitted = scan(house["staff"], first["code"], schedule_id=house["schedule"]["id"])
    assert admitted["outcome"] == "ADMITTED" and admitted["seat"] == first["label"]
    again = scan(house["staff"], first["code"])
    assert (again["outcome"], again["used_device"], again["used_at"]) == ("ALREADY_USED", "north", admitted["used_at"])
    assert [t["state"] for t in owner.get(f"/bookings/{booking['id']}")["tickets"]] == ["USED", "VALID"]
    assert owner.delete(f"/bookings/{booking['id']}", expect=409)["code"] == "ALREADY_ADMITTED"

    owner, booking = buy(cinema, house)
    assert owner.delete(f"/bookings/{booking['id']}")["tickets"] == []
    late = scan(house["staff"], booking["tickets"][0]["code"])
    assert late["outcome"] == "CANCELLED" and late["seat"] == booking["tickets"][0]["label"]


def test_a_code_can_be_read_as_the_readme_says(cinema, house):
    _, booking = buy(cinema, house, 1)
    code = booking["tickets"][0]["code"]
    assert code.startswith("TS1:")
    raw = base64.b32decode(code[4:])
    assert len(raw) == 90
    assert int.from_bytes(raw[4:12], "big") == booking["id"]
    assert int.from_bytes(raw[12:20], "big") == house["schedule"]["id"]
    start = datetime.datetime.fromisoformat(booking["show_time"].replace("Z", "+00:00"))
    assert int.from_bytes(raw[22:26], "big") == int(start.timestamp())
    assert raw[:4].hex() in [key["kid"] for key in cinema.client().get("/tickets/keys")["keys"]]
    for key in cinema.client().get("/tickets/keys")["keys"]:
        assert set(key) == {"kid", "kty", "crv", "x", "use", "alg"}


def test_the_readmes_scanner_verifies_in_javascript_with_public_keys_alone(cinema, house):
    _, booking = buy(cinema, house, 1)
    readme = (pathlib.Path(__file__).parents[2] / "src/tickets/README.md").read_text()
    scanner = readme.split("```js\n")[1].split("```")[0]
    code = booking["tickets"][0]["code"]
    forged = code[:-1] + ("A" if code[-1] != "A" else "B")
    script = f"""
        globalThis.crypto ??= (await import("node:crypto")).webcrypto;
        {scanner}
        const keys = {json.dumps(cinema.client().get("/tickets/keys")["keys"])};
        const good = read({json.dumps(code)});
        console.log(Number(good.bookingId), Number(good.scheduleId), await verify(good, keys),
                    await verify(read({json.dumps(forged)}), keys), await verify(good, []), read({json.dumps(code[:-1])}));"""
    done = subprocess.run(["node", "--input-type=module"], input=script, capture_output=True, text=True, timeout=30, check=False)
    assert done.stdout.split() == [str(booking["id"]), str(house["schedule"]["id"]), "GENUINE", "FORGED", "UNKNOWN_KEY", "null"], done.stderr


def test_forged_codes_are_refused(cinema, house):
    _, booking = buy(cinema, house, 1)
    code = booking["tickets"][0]["code"]
    raw = bytearray(base64.b32decode(code[4:]))
    raw[21] ^= 1  # another seat under the signature of this one
    assert scan(house["staff"], "TS1:" + base64.b32encode(bytes(raw)).decode())["outcome"] == "FORGED"
    raw[0] ^= 1
    assert scan(house["staff"], "TS1:" + base64.b32encode(bytes(raw)).decode())["outcome"] == "UNKNOWN_KEY"
    for rubbish in (code[:-1], code.lower(), "https://example.com", "0", "TS1:" + "A" * 144):
        assert scan(house["staff"], rubbish)["outcome"] in ("UNREADABLE", "UNKNOWN_KEY"), rubbish
    assert scan(house["staff"], code)["outcome"] == "ADMITTED"


def test_fifty_scanners_admit_one(cinema, house):
    _, booking = buy(cinema, house, 1)
    code = booking["tickets"][0]["code"]
    clients = []
    for _ in range(50):
        client = cinema.client()
        client.token = house["staff"].token
        clients.append(client)
    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        outcomes = [each["outcome"] for each in pool.map(lambda client: scan(client, code), clients)]
    assert sorted(outcomes) == ["ADMITTED"] + ["ALREADY_USED"] * 49


def test_only_the_staff_of_the_venue_scans(cinema, admin, house):
    other = make_showing(admin)
    elsewhere = staff_of(cinema, admin, other["venue"]["id"])
    owner, booking = buy(cinema, house, 1)
    code = booking["tickets"][0]["code"]
    manifest = f"/tickets/schedules/{house['schedule']['id']}/manifest"
    body = {"device": "x", "scans": [{"scan_id": "1", "code": code, "scanned_at": "2026-01-01T00:00:00Z"}]}
    for client, status in ((owner, 403), (cinema.client(), 401)):
        client.post("/tickets/scan", status, code=code)
        client.post("/tickets/scans", status, **body)
        client.get(manifest, status)
    assert scan(elsewhere, code)["outcome"] == "WRONG_VENUE"
    assert elsewhere.post("/tickets/scans", **body)["results"][0]["result"]["outcome"] == "WRONG_VENUE"
    assert elsewhere.get(manifest, 403)["code"] == "NOT_ALLOWED"
    wrong = scan(house["staff"], code, schedule_id=other["schedule"]["id"])
    assert wrong["outcome"] == "WRONG_SHOWING" and wrong["schedule_id"] == house["schedule"]["id"]
    assert scan(admin, code)["outcome"] == "ADMITTED"


@pytest.mark.one_process("settings of its own")
def test_a_showing_whose_doors_are_shut_admits_nobody(cinema, tmp_path):
    with Platform(BINARY, tmp_path) as strict:
        made = make_showing(strict.admin())
        staff = staff_of(strict, strict.admin(), made["venue"]["id"])
        _, booking = buy(strict, made, 1)
        assert scan(staff, booking["tickets"][0]["code"])["outcome"] == "TOO_EARLY"


def test_scanners_without_a_network_tell_later_and_conflicts_are_kept(cinema, admin, house):
    owner, booking = buy(cinema, house, 3)
    one, two, three = (ticket["code"] for ticket in booking["tickets"])
    manifest = house["staff"].get(f"/tickets/schedules/{house['schedule']['id']}/manifest")
    mine = [t for t in manifest["tickets"] if t["booking_id"] == booking["id"]]
    assert [t["seat"] for t in mine] == [t["label"] for t in booking["tickets"]]
    assert all(t["state"] == "VALID" and t["admitted_at"] is None for t in mine) and manifest["keys"]
    assert "seed" not in str(manifest)

    now = datetime.datetime.now(datetime.timezone.utc)
    def upload(device, *scans, at=now, entered=house["schedule"]["id"]):
        return house["staff"].post("/tickets/scans", device=device, scans=[
            {"scan_id": i, "code": c, "scanned_at": at.isoformat(), "schedule_id": entered} for i, c in scans])["results"]
    for _ in range(2):  # the answer was lost
        assert [r["result"]["outcome"] for r in upload("north", ("n1", one), ("n2", "rubbish"))] == ["ADMITTED", "UNREADABLE"]
        twice = upload("south", ("s1", one))[0]
        assert twice["result"]["outcome"] == "ALREADY_USED" and twice["conflict"] and twice["result"]["used_device"] == "north"
    conflicts = admin.get(f"/tickets/schedules/{house['schedule']['id']}/conflicts")
    assert [(c["kind"], c["device"], c["first_device"]) for c in conflicts if c["booking_id"] == booking["id"]] == [
        ("ADMITTED_TWICE", "south", "north")]
    house["staff"].get(f"/tickets/schedules/{house['schedule']['id']}/conflicts", 403)

    owner, late = buy(cinema, house, 1)
    owner.delete(f"/bookings/{late['id']}")
    dead = upload("north", ("n3", late["tickets"][0]["code"]))[0]
    assert dead["result"]["outcome"] == "CANCELLED" and dead["conflict"]
    assert admin.get(f"/tickets/schedules/{house['schedule']['id']}/conflicts", limit=1)[0]["kind"] == "ADMITTED_AFTER_CANCELLATION"

    # Let in where they should not have been: known, and still good for its own showing. Let in when: known, and used.
    elsewhere = upload("north", ("n4", two), entered=make_showing(admin)["schedule"]["id"])[0]
    assert elsewhere["result"]["outcome"] == "WRONG_SHOWING" and elsewhere["conflict"]
    early = upload("north", ("n5", three), at=now - datetime.timedelta(days=365))[0]
    assert early["result"]["outcome"] == "TOO_EARLY" and early["conflict"]
    assert [c["kind"] for c in admin.get(f"/tickets/schedules/{house['schedule']['id']}/conflicts", limit=2)] == [
        "ADMITTED_OUTSIDE_HOURS", "ADMITTED_TO_ANOTHER_SHOWING"]
    assert scan(house["staff"], two, scan_id="n4")["outcome"] == "ADMITTED"
    for used in (two, three):
        assert house["staff"].post("/tickets/scan", code=used, device="south", scan_id="n4")["outcome"] == "ALREADY_USED"


def test_a_cascade_takes_back_even_what_was_entered(cinema, admin):
    made = make_showing(admin)
    staff = staff_of(cinema, admin, made["venue"]["id"])
    owner, booking = buy(cinema, made, 2)
    assert scan(staff, booking["tickets"][0]["code"])["outcome"] == "ADMITTED"
    admin.delete(f"/schedules/{made['schedule']['id']}")
    owner.wait_for(f"/bookings/{booking['id']}", lambda seen: seen["status"] == "CANCELLED")
    assert scan(staff, booking["tickets"][1]["code"])["outcome"] == "CANCELLED"
    owner.wait_for("/auth/wallet", lambda seen: seen["current_amount"] == "5000.00")
    cinema.check()


def test_whoever_keeps_no_doors_any_more_scans_nothing_within_a_second(cinema, admin, house):
    staff = staff_of(cinema, admin, house["venue"]["id"])
    assert staff.get("/auth/me")["venue_id"] == house["venue"]["id"]
    assert scan(staff, "x")["outcome"] == "UNREADABLE"
    assert [each["id"] for each in admin.get("/auth/staff", venue_id=house["venue"]["id"])].count(staff.account["id"]) == 1
    admin.delete(f"/auth/staff/{staff.account['id']}", expect=204)
    give_up = time.monotonic() + 5
    while staff.raw("POST", "/tickets/scan", json={"code": "x"}).status_code != 401:
        assert time.monotonic() < give_up, "the session goes on"
        time.sleep(0.05)


def test_a_new_key_leaves_every_ticket_as_it_is(cinema, house):
    owner, booking = buy(cinema, house, 1)
    done = cinema.command("tickets", "rotate-key")
    assert "The new key is " in done
    kid = done.split("The new key is ")[1][:8]
    cinema.restart()  # reads the keys at once
    assert owner.get(f"/bookings/{booking['id']}")["tickets"][0]["code"] == booking["tickets"][0]["code"]
    assert cinema.client().get("/tickets/keys")["keys"][0]["kid"] == kid
    assert scan(house["staff"], booking["tickets"][0]["code"])["outcome"] == "ADMITTED"


def test_the_sample_staff_keeps_doors_and_commands_make_more(cinema):
    sample = cinema.client().login(*cinema.accounts["STAFF"])
    venue = sample.get("/auth/me")["venue_id"]
    assert scan(sample, "x")["outcome"] == "UNREADABLE"
    cinema.command("staff", "create", "--email", "dev@example.com", "--venue", str(venue), stdin="correct horse\n")
    assert cinema.client().login("dev@example.com", "correct horse").get("/auth/me")["role"] == "STAFF"
