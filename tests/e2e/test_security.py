"""The security checklist on the real binary. The routes come from the OpenAPI document, so that a new one is covered the day it appears."""

import secrets
import socket
import subprocess
import time

import pytest
import requests

from tests.e2e.conftest import BINARY
from tests.e2e.test_defects import make_showing
from tests.harness import Platform, sql, with_parameters


@pytest.fixture(scope="module")
def routes(platform):
    """(method, path, operation) of everything public."""
    document = requests.get(f"{platform.url}/openapi.json", timeout=10).json()
    return [(method.upper(), path, operation) for path, methods in document["paths"].items()
            for method, operation in methods.items()]


# What doorkeepers may do; of their own venue, where the path names something.
STAFFS = {("POST", "/tickets/scan"), ("POST", "/tickets/scans"), ("GET", "/tickets/schedules/{id}/manifest")}


def filled(path):
    """The path with something in each of its places."""
    return path.format(id=1, booking_id=1, schedule_id=1, venue_id=1, file="1.svg", service="payment")


def needs_a_role(operation):
    return "403" in operation["responses"] and "NOT_ALLOWED" in operation["responses"]["403"]["description"]


# ---- 1: whose is it?


def test_every_protected_route_refuses_who_is_not_signed_in(platform, routes):
    protected = [(method, path) for method, path, operation in routes if operation.get("security")]
    assert len(protected) > 15
    for method, path in protected:
        answer = platform.client().raw(method, path.replace("{", "").replace("}", "").replace("id", "1"), json={})
        assert answer.status_code in (401, 404), (method, path, answer.text)
    for method, path in protected:
        assert platform.client().raw(method, filled(path), json={}).status_code == 401, (method, path)


def test_every_admin_route_refuses_an_ordinary_account(platform, routes):
    admins = [(method, path) for method, path, operation in routes if needs_a_role(operation)]
    assert len(admins) >= 11
    assert STAFFS < set(admins)
    staff = platform.client().login(*platform.accounts["STAFF"])
    for account, refused in ((platform.user(), set(admins)), (staff, set(admins) - STAFFS)):
        for method, path in refused:
            answer = account.raw(method, filled(path), json={})
            assert answer.status_code == 403 and answer.json()["code"] == "NOT_ALLOWED", (method, path, answer.text)


def test_every_staff_route_with_an_id_refuses_the_staff_of_another_venue(platform, routes):
    made = make_showing(platform.admin())
    staff = platform.client().login(*platform.accounts["STAFF"])
    for method, path in STAFFS:
        if "{" not in path:
            continue  # the code that is sent names the venue: tests/e2e/test_tickets.py
        answer = staff.raw(method, path.format(id=made["schedule"]["id"]), json={})
        assert answer.status_code == 403 and answer.json()["code"] == "NOT_ALLOWED", (method, path, answer.text)


def top_up_of(platform, owner):
    """One that came to nothing: no cards are taken here."""
    made = platform.database.sql(f"""SET session_replication_role = replica;
        INSERT INTO payment.payment (idempotency_key, user_id, amount, currency, method, description, step, failure_code,
                                     correlation_id, lease_until, next_attempt_at, in_doubt_until)
        VALUES ('key', {owner.account['id']}, 5000, 'INR', 'DODO', 'Wallet top-up', 'FAILED', 'CARD_REFUSED', 'test', now(), now(), now())
        RETURNING id""")[0][0]
    assert owner.get(f"/payments/top-ups/{made}")["status"] == "FAILED"
    return made


def test_every_route_with_an_id_hides_what_belongs_to_another(platform, routes):
    made = make_showing(platform.admin())
    owner, stranger = platform.user(wallet=1000), platform.user(wallet=1000)
    booking = owner.hold(made["schedule"]["id"], made["seats"][:1])
    payment = owner.pay(booking["id"])
    ids = {"/bookings/{id}": {"id": booking["id"]}, "/bookings/{id}/tickets.pdf": {"id": booking["id"]},
           "/bookings/{id}/calendar.ics": {"id": booking["id"]},
           "/bookings/{id}/tickets/{file}": {"id": booking["id"], "file": f"{made['seats'][0]}.svg"},
           "/payments/{id}": {"id": payment["id"]}, "/payments/booking/{booking_id}": {"booking_id": booking["id"]}, "/payments/top-ups/{id}": {"id": top_up_of(platform, owner)}}
    personal = [(method, path) for method, path, operation in routes
                if "{" in path and operation.get("security") and not needs_a_role(operation)]
    assert {path for _, path in personal} == set(ids), "a personal route is new: say here whose ids it takes"
    for method, path in personal:
        answer = stranger.raw(method, path.format(**ids[path]), json={})
        assert answer.status_code == 404, (method, path, answer.text)
    assert owner.get(f"/bookings/{booking['id']}")["status"] == "CONFIRMED"


# ---- 2: mass assignment


def test_fields_that_are_not_the_clients_change_nothing(platform):
    made = make_showing(platform.admin())
    user, victim = platform.user(wallet=1000), platform.user()
    extra = {"amount": 0.01, "total_amount": 0.01, "price": 0.01, "status": "CONFIRMED", "user_id": victim.account["id"],
             "role": "ADMIN", "id": 1, "wallet_balance": 99999}
    email = f"{secrets.token_hex(6)}@example.com"
    account = platform.client().post("/auth/register", 201, **{**extra, "email": email, "password": "correct horse", "username": "x"})
    assert account["role"] == "USER" and account["wallet_balance"] == "0.00" and account["id"] != 1
    assert user.patch("/auth/me", **{**extra, "username": "y"})["role"] == "USER"
    booking = user.post("/bookings", **{**extra, "schedule_id": made["schedule"]["id"], "seat_ids": made["seats"][:1],
                                        "idempotency_key": "k"})
    assert (booking["user_id"], booking["total_amount"], booking["status"]) == (user.account["id"], "100.00", "PENDING")
    body = {**extra, "booking_id": booking["id"], "payment_method": "WALLET"}
    assert user.raw("POST", "/payments", json=body).json()["code"] == "AMOUNT_MISMATCH"
    body.pop("amount")
    assert user.raw("POST", "/payments", json=body).json()["amount"] == 100.0
    assert user.balance() == "900.00"


# ---- 4: refresh tokens


def test_a_refresh_token_works_once_and_its_reuse_ends_the_session(platform):
    user = platform.user()
    first = user.session.cookies.get("refresh_token")
    assert first
    user.post("/auth/refresh")
    thief = requests.post(f"{platform.url}/api/v1/auth/refresh", cookies={"refresh_token": first}, timeout=10)
    assert thief.status_code == 401
    user.post("/auth/refresh", expect=401)


# ---- 7: limits


def test_an_address_cannot_try_passwords_for_ever(tmp_path):
    with Platform(BINARY, tmp_path, sample_data=False,
                  settings={"RATE_SIGN_IN_PER_S": "1", "RATE_SIGN_IN_BURST": "5"}) as strict:
        answers = [strict.client().raw("POST", "/auth/login", json={"email": "a@example.com", "password": "guess"})
                   for _ in range(10)]
        assert [answer.status_code for answer in answers[:5]] == [401] * 5
        refused = answers[-1]
        assert refused.status_code == 429 and refused.json()["code"] == "TOO_MANY_REQUESTS"
        assert int(refused.headers["Retry-After"]) >= 1
        assert strict.client().raw("GET", "/shows").status_code == 200  # others are served all the same


# ---- 8 and 9 are among the defects


# ---- 10: numbers and parsers


@pytest.mark.parametrize("body, status, pointer", [
    ({"schedule_id": 1, "seat_ids": [], "idempotency_key": "k"}, 422, "/seat_ids"),
    ({"schedule_id": 1, "seat_ids": list(range(11)), "idempotency_key": "k"}, 422, "/seat_ids"),
    ({"schedule_id": -1, "seat_ids": [1], "idempotency_key": "k"}, 422, "/schedule_id"),
    ({"schedule_id": 2**63, "seat_ids": [1], "idempotency_key": "k"}, 422, "/schedule_id"),
    ({"schedule_id": 1.5, "seat_ids": [1], "idempotency_key": "k"}, 422, "/schedule_id"),
    ({"schedule_id": "1", "seat_ids": [1], "idempotency_key": "k"}, 422, "/schedule_id"),
    ({"schedule_id": 1, "seat_ids": ["x"], "idempotency_key": "k"}, 422, "/seat_ids/0"),
    ({"schedule_id": 1, "seat_ids": [1], "idempotency_key": ""}, 422, "/idempotency_key"),
    ({"schedule_id": 1, "seat_ids": [1], "idempotency_key": "a\0b"}, 422, "/idempotency_key"),
    ({"schedule_id": 1, "seat_ids": [1]}, 422, "/idempotency_key"),
])
def test_a_bad_field_is_named(platform, body, status, pointer):
    answer = platform.user().raw("POST", "/bookings", json=body)
    problem = answer.json()
    assert answer.status_code == status and answer.headers["Content-Type"] == "application/problem+json"
    assert problem["code"] == "VALIDATION_FAILED" and pointer in [each["pointer"] for each in problem["errors"]]
    assert problem["correlation_id"] == answer.headers["X-Request-ID"]


def test_a_seat_named_twice_or_of_another_screen_is_refused(platform):
    made = make_showing(platform.admin())
    user = platform.user()
    user.hold(made["schedule"]["id"], [made["seats"][0]] * 2, expect=422)
    assert user.hold(made["schedule"]["id"], [made["seats"][-1] + 1], expect=422)["code"] == "UNKNOWN_SEATS"


@pytest.mark.parametrize("body", [b"{", b"[]", b"", b"[" * 100_000, b'{"a":' * 60 + b"1" + b"}" * 60, b'{"a":1,"a":2}',
                                  b'{"email":"\xff\xfe"}', b"\x00\x01\x02", b'{"schedule_id":1e400}'])
def test_what_is_not_a_json_object_is_refused(platform, body):
    answer = platform.user().raw("POST", "/bookings", data=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 413, 422), answer.text
    assert answer.json()["code"] in ("MALFORMED_REQUEST", "VALIDATION_FAILED", "REQUEST_TOO_LARGE")


def talk(platform, data, timeout=30):
    """Sends raw bytes and returns what came until the server closed."""
    with socket.create_connection(("127.0.0.1", platform.port), timeout=timeout) as connection:
        connection.sendall(data)
        received = b""
        try:
            while chunk := connection.recv(65536):
                received += chunk
        except ConnectionResetError:
            pass
        return received


def test_a_million_seats_are_cut_off_before_they_are_read(platform):
    answer = talk(platform, b"POST /api/v1/bookings HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 8000000\r\n\r\n")
    assert b" 413 " in answer.split(b"\r\n")[0]


def test_smuggling_is_refused(platform):
    both = b"POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /secret HTTP/1.1\r\n\r\n"
    answer = talk(platform, both)
    assert b" 400 " in answer.split(b"\r\n")[0] and answer.count(b"HTTP/1.1") == 1


def test_a_slow_client_is_cut_off(platform):
    began = time.monotonic()
    answer = talk(platform, b"GET /api/v1/shows HTTP/1.1\r\nHost:")
    assert time.monotonic() - began < 20
    assert answer == b"" or b" 408 " in answer.split(b"\r\n")[0]


# ---- 11: injection


@pytest.mark.parametrize("text", ["'; DROP TABLE auth.account; --", "Robert\"); --", "{1,2}", "\\", "%s", "$1", "名前 नाम 🎟"])
def test_text_stays_text(platform, text):
    admin = platform.admin()
    made = make_showing(admin, city=f"City {text}"[:90])
    assert admin.patch(f"/shows/{made['show']['id']}", title=text)["title"] == text
    assert platform.client().get(f"/shows/{made['show']['id']}/venues", city=f"city {text}"[:90])[0]["id"] == made["venue"]["id"]
    user = platform.user()
    booking = user.hold(made["schedule"]["id"], made["seats"][:1], key=text)
    user.wait_for(f"/bookings/{booking['id']}", lambda seen: seen["show_name"] == text)


# ---- 12: least privilege


@pytest.mark.parametrize("role, statement", [
    ("payment", "SELECT * FROM auth.account"), ("booking", "SELECT * FROM catalog.show"), ("catalog", "SELECT * FROM booking.booking"),
    ("auth", "SELECT * FROM payment.payment"), ("auth", "DELETE FROM auth.ledger_transaction"), ("booking", "DELETE FROM booking.booking"),
    ("payment", "DELETE FROM payment.payment"), ("catalog", "DELETE FROM catalog.show"), ("booking", "CREATE TABLE booking.x ()"),
    ("payment", "CREATE TABLE public.x ()")])
def test_a_service_reaches_only_what_it_needs(platform, role, statement):
    url = with_parameters(platform.database.admin_url, user=f"ticketshow_{role}")
    with pytest.raises(AssertionError, match="permission denied"):
        sql(url, statement)


# ---- 13: headers and the inside


def test_pages_come_with_strict_headers(platform):
    for path in ("/", "/docs", "/docs/"):
        headers = requests.get(platform.url + path, timeout=10).headers
        assert "script-src" in headers["Content-Security-Policy"] or "default-src" in headers["Content-Security-Policy"]
        assert "unsafe-inline" not in headers["Content-Security-Policy"].split("style-src")[0]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"]


def test_nothing_of_the_inside_leaks_when_the_database_is_gone(tmp_path):
    with Platform(BINARY, tmp_path, sample_data=False) as lonely:
        name = lonely.database.name
        sql(with_parameters(lonely.database.admin_url, "postgres"), f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        sql(with_parameters(lonely.database.admin_url, "postgres"),
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        answer = lonely.client().raw("GET", "/venues")
        assert answer.status_code == 503 and answer.json()["code"] == "SERVICE_UNAVAILABLE"
        for word in ("postgres", "database", "libpq", "SELECT", name):
            assert word not in answer.text
        assert requests.get(f"{lonely.url}/health/live", timeout=5).status_code == 200
        give_up = time.monotonic() + 10  # red with the next attempt to connect
        while requests.get(f"{lonely.url}/health/ready", timeout=5).status_code != 503:
            assert time.monotonic() < give_up, "a service without its database calls itself ready"
            time.sleep(0.05)
        sql(with_parameters(lonely.database.admin_url, "postgres"), f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        give_up = time.monotonic() + 15
        while lonely.client().raw("GET", "/venues").status_code != 200:
            assert time.monotonic() < give_up, "it did not recover"
            time.sleep(0.1)


def test_production_refuses_what_only_suits_a_try_out(platform):
    refused = platform.command("--production", "true", "seed", check=False)
    assert refused.returncode == 1 and "production" in refused.stderr
    done = subprocess.run([str(platform.binary), "--production", "true", "serve", "--http.port", "0"], timeout=30, check=False,
                          capture_output=True, text=True, env=platform.environment(FAULT_POINT="payment.debited"))
    assert done.returncode == 1 and "FAULT_POINT" in done.stderr
    for flags, named in [((), "http.secure_cookies"),
                         (("--http.secure_cookies", "true", "--auth.hash_memory_mib", "18"), "auth.hash_memory_mib"),
                         (("--http.secure_cookies", "true", "--auth.hash_passes", "1"), "auth.hash_passes"),
                         (("--http.secure_cookies", "true"), "mail.from"),
                         (("--http.secure_cookies", "true", "--mail.from", "tickets@cinema.test"), "mail.public_url")]:
        weak = platform.command("--production", "true", "serve", "--http.port", "0", *flags, check=False)
        assert weak.returncode == 1 and named in weak.stderr
    known = platform.command("--production", "true", "serve", "--http.port", "0", "--http.secure_cookies", "true",
                             "--mail.from", "tickets@cinema.test", "--mail.public_url", "https://cinema.test", check=False)
    assert known.returncode == 1 and "published password" in known.stderr
