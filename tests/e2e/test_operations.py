"""What an operator relies on: start, drain, metrics, configuration, separate processes."""

import json
import re
import subprocess
import threading
import time

import requests

from tests.harness import Process, free_port


def test_everything_is_kept_over_a_restart(platform):
    user = platform.user(wallet=500)
    schedule, free = platform.open_schedule(user)
    booking = user.hold(schedule["id"], free[:1])
    platform.restart()
    assert user.get(f"/bookings/{booking['id']}")["status"] == "PENDING"  # the token and its key too
    assert user.balance() == "500.00"


def test_sigterm_lets_requests_in_work_end(platform):
    answers = []

    def keep_asking():
        session = requests.Session()
        while True:
            try:
                answers.append(session.get(f"{platform.url}/api/v1/shows", timeout=10).status_code)
            except requests.ConnectionError:
                return

    threads = [threading.Thread(target=keep_asking) for _ in range(8)]
    for thread in threads:
        thread.start()
    give_up = time.monotonic() + 30
    while len(answers) <= 100 and time.monotonic() < give_up:
        time.sleep(0.01)
    assert platform.process.stop() == 0
    for thread in threads:
        thread.join()
    assert len(answers) > 100 and set(answers) == {200}
    log = [json.loads(line) for line in open(platform.process.log) if line.startswith("{")]
    assert log[-1]["event"] == "stopped"
    platform.start()


def test_metrics_are_prometheus_text(platform):
    platform.client().get("/shows")
    text = requests.get(f"{platform.url}/metrics", timeout=10).text
    assert re.search(r'^ticketshow_\w+_count\{.*\} [1-9]', text, re.M)
    for line in text.splitlines():
        assert line.startswith("#") or re.match(r'^[a-zA-Z_:][a-zA-Z0-9_:]*(\{.*\})? \S+$', line), line


def test_the_log_is_json_and_holds_no_secret(platform):
    user = platform.user()
    user.raw("POST", "/auth/login", json={"email": user.account["email"], "password": "a wrong secret"})
    text = open(platform.process.log).read()
    for line in text.splitlines():
        assert {"time", "level", "event"} <= set(json.loads(line)), line
    for secret in ("correct horse", "a wrong secret", user.token):
        assert secret not in text


def test_a_proxy_that_nobody_configured_is_told_of_once(platform):
    for _ in range(3):
        requests.get(f"{platform.url}/api/v1/shows", headers={"X-Forwarded-For": "192.0.2.9"}, timeout=10)
    lines = [json.loads(line) for line in open(platform.process.log) if "http.trusted_proxies" in line]
    assert [line["address"] for line in lines] == ["127.0.0.1"]


def test_settings_come_from_file_environment_and_flags_in_that_order(platform, tmp_path):
    file = tmp_path / "ticketshow.toml"
    file.write_text('currency = "EUR"\n[http]\nport = 1111\n[log]\nlevel = "error"\n')
    environment = platform.environment()
    assert environment["TICKETSHOW_HTTP_PORT"] != "1111"
    printed = platform.command("--config", str(file), "--print-config", "--log.level", "debug")
    assert "currency = EUR" in printed and f"http.port = {platform.port}" in printed and "log.level = debug" in printed
    for key in ("database.url", "database.auth_url", "database.booking_url"):
        secret = platform.command("--print-config", f"--{key}", "postgresql://u:hunter2@h/d")
        assert "hunter2" not in secret and f"{key} = ***" in secret
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("[http]\nprot = 1\n")
    refused = platform.command("--config", str(wrong), "--print-config", check=False)
    assert refused.returncode == 1 and 'no setting "http.prot"' in refused.stderr


def test_a_variable_that_is_no_setting_is_told_of(platform):
    done = platform.command("--print-config", check=False)
    assert "no setting" not in done.stderr
    platform.settings["HTTP_PROT"] = "1"
    try:
        told = platform.command("keys", "rotate", check=False).stderr
    finally:
        del platform.settings["HTTP_PROT"]
    assert [json.loads(line)["variable"] for line in told.splitlines() if "no setting" in line] == ["TICKETSHOW_HTTP_PROT"]


def test_check_that_cannot_look_says_so_and_not_that_something_is_broken(platform):
    for nowhere in (["--database.url", "postgresql://127.0.0.1:1/nowhere"],
                    ["--search.adapter", "elastic", "--search.elastic_url", "http://127.0.0.1:1"],
                    ["--search.adapter", "elastic"]):
        done = platform.command("check", *nowhere, check=False)
        assert (done.returncode, done.stdout) == (2, "")
        lines = done.stderr.splitlines()
        assert len(lines) == 1 and lines[0].startswith("ticketshow: the invariants could not be checked: "), done.stderr
    assert "2 when they could not be checked" in platform.command("check", "--help")


def test_a_taken_port_is_told_in_one_sentence(platform):
    done = platform.command("serve", check=False)
    assert done.returncode == 1
    sentence = done.stderr.strip().splitlines()[-1]
    assert str(platform.port) in sentence and sentence.startswith("ticketshow: ")


def test_a_command_does_nothing_but_what_it_is_told(platform):
    """It may run beside a server whose payments, events and index are not its own, with the same settings."""
    port = free_port()
    platform.restart(INTERNAL_PORT=str(port))
    platform.command("wallet", "credit", "--user", "1", "--amount", "5.00", "--reference", "beside", "--internal.port", str(port))
    platform.process.stop()
    event = platform.database.sql("""
        INSERT INTO booking.outbox (topic, key, schema_version, correlation_id, payload)
        VALUES ('payment.refund_initiated', '0', 1, 'test', '{}') RETURNING event_id""")[0][0]
    platform.command("search", "reindex")
    platform.command("seed")
    assert platform.database.sql(f"DELETE FROM booking.outbox WHERE event_id = '{event}' RETURNING published_at IS NULL") == [["t"]]
    assert platform.database.sql("SELECT count(*) FROM bus.member") == [["0"]]
    platform.start()


def test_kafka_is_refused_while_events_wait_on_postgresql(platform):
    platform.process.stop()
    one_more = "UPDATE bus.partition SET next_position = next_position {} 1 WHERE topic = 'booking.successful' AND number = 0"
    platform.database.sql(one_more.format("+"))
    refused = subprocess.run([str(platform.binary)], env=platform.environment(BUS_ADAPTER="kafka", KAFKA_BROKERS="127.0.0.1:1"),
                             capture_output=True, text=True, timeout=60, check=False)
    assert refused.returncode == 1
    assert "events wait on PostgreSQL's bus that Kafka will not bring, for notification (1)" in refused.stderr
    platform.database.sql(one_more.format("-"))
    platform.start()


def test_an_administrator_is_made_without_a_default_password(platform):
    refused = platform.command("admin", "create", "--email", "boss@example.com", check=False)
    assert refused.returncode == 1 and "password" in refused.stderr
    platform.command("admin", "create", "--email", "boss@example.com", stdin="a long pass phrase\n")
    boss = platform.client().login("boss@example.com", "a long pass phrase")
    assert boss.get("/auth/me")["role"] == "ADMIN"


def test_an_operator_fills_a_wallet_by_address_and_hears_what_it_holds_now(platform):
    user = platform.user(wallet=100)

    def credit(*more, **options):
        return platform.command("wallet", "credit", "--amount", "5.00", *more, **options)

    email = user.account["email"]
    assert "holds 105.00 now" in credit("--email", email.upper(), "--reference", f"gift {email}")
    platform.fill_wallet(user.account["id"], 20)
    assert "holds 125.00 now" in credit("--user", str(user.account["id"]), "--reference", f"gift {email}")
    sentences = {
        ("--email", email, "--reference", ""): "--reference ",
        ("--email", email, "--reference", "x" * 5_000): "--reference ",
        ("--email", "nobody@example.com", "--reference", "x"): "There is no account with the address",
        ("--user", "4711", "--reference", "x"): "There is no such account.",
        ("--user", "1", "--reference", f"gift {email}"): "This reference was used for another movement of money.",
    }
    for arguments, sentence in sentences.items():
        refused = credit(*arguments, check=False)
        assert refused.returncode == 1 and f"ticketshow: {sentence}" in refused.stderr, refused.stderr
        assert len(refused.stderr.splitlines()) == 1, refused.stderr
    assert credit("--reference", "x", check=False).returncode == 2
    assert user.balance() == "125.00"


def test_no_credit_of_an_operator_stands_in_the_way_of_a_refund(platform):
    user = platform.user(wallet=1000)
    schedule, free = platform.open_schedule(user)
    booking = user.hold(schedule["id"], free[:1])
    payment = user.pay(booking["id"])
    platform.command("wallet", "credit", "--user", str(user.account["id"]), "--amount", "5.00",
                     "--reference", f"payment:{payment['id']}:refund")
    user.delete(f"/bookings/{booking['id']}")
    user.wait_for(f"/payments/booking/{booking['id']}", lambda seen: seen["status"] == "REFUNDED")
    assert user.balance() == "1005.00"
    references = {each["reference_id"] for each in user.get("/auth/wallet")["transactions"]}
    assert {f"operator:payment:{payment['id']}:refund", f"payment:{payment['id']}:refund"} <= references
    platform.check()


def test_a_rotated_key_signs_and_old_tokens_stay_good(platform):
    before = platform.user()
    keys = {key["kid"] for key in platform.client().get("/auth/jwks.json")["keys"]}
    platform.command("keys", "rotate")
    give_up = time.monotonic() + 30
    while {key["kid"] for key in platform.client().get("/auth/jwks.json")["keys"]} == keys:
        assert time.monotonic() < give_up, "the new key is not published"
        time.sleep(0.2)
    before.get("/auth/me")
    platform.user().get("/auth/me")


def test_the_openapi_document_is_the_committed_one(platform):
    served = requests.get(f"{platform.url}/openapi.json", timeout=10).text
    assert served == open("docs/openapi.json").read(), "run ./run openapi and commit docs/openapi.json"


def test_the_reference_of_the_settings_is_the_committed_one(platform):
    assert platform.command("settings") == open("docs/configuration.md").read(), "run ./run settings and commit docs/configuration.md"


def test_each_service_may_run_in_a_process_of_its_own(platform, tmp_path):
    """The same platform once more, as seven processes on the same database, with a booking made through all of them."""
    platform.process.stop()
    services = ["auth", "catalog", "booking", "payment", "search", "notification"]
    ports = {name: free_port() for name in services}
    public = free_port()
    urls = {f"{name.upper()}_URL": f"http://127.0.0.1:{port}" for name, port in ports.items()}
    key = {"INTERNAL_KEY_FILE": str(tmp_path / "internal.key"), "BLOB_DIR": str(tmp_path / "blobs")}
    processes = []
    try:
        for name in services:
            processes.append(Process(platform.binary, platform.environment(
                TARGET=name, INTERNAL_PORT=str(ports[name]), **urls, **key), tmp_path / f"{name}.log", ports[name]))
        gateway = Process(platform.binary, platform.environment(TARGET="gateway", HTTP_PORT=str(public), **urls, **key),
                          tmp_path / "gateway.log", public)
        processes.append(gateway)
        gateway.wait_ready()
        single, platform.port = platform.port, public
        user = platform.user(wallet=1000)
        schedule, free = platform.open_schedule(user)
        booking = user.hold(schedule["id"], free[:2])
        assert user.pay(booking["id"])["status"] == "COMPLETED"
        user.delete(f"/bookings/{booking['id']}")
        user.wait_for(f"/payments/booking/{booking['id']}", lambda seen: seen["status"] == "REFUNDED")
        assert user.balance() == "1000.00"
        found = user.wait_for("/search?q=chia", lambda seen: seen["shows"])
        assert found["shows"][0]["title"] == "Chai for Two Hundred"
        assert requests.get(f"http://127.0.0.1:{ports['auth']}/auth/internal/auth/revoked-sessions", timeout=5).status_code == 401
        admin = platform.admin()
        assert admin.get(f"/bookings/schedule/{schedule['id']}")[0]["user_email"] == user.account["email"]
        assert admin.get("/operations/dead-letters") == []
        for service in "notification", "catalog":
            path = f"/operations/dead-letters/{service}/none"
            assert admin.call("DELETE", path, 404)["code"] == "DEAD_LETTER_NOT_FOUND", "it has been asked"
            inside = f"http://127.0.0.1:{ports[service]}/{service}/internal/dead-letters?most=1"
            assert requests.get(inside, timeout=5).status_code == 401
        for port in ports.values():
            assert requests.get(f"http://127.0.0.1:{port}/health/ready", timeout=5).json()["status"] == "ready"
            assert "ticketshow_" in requests.get(f"http://127.0.0.1:{port}/metrics", timeout=5).text
        platform.port = single
    finally:
        codes = [process.stop() for process in reversed(processes)]
    assert codes == [0] * 7
    platform.start()
    platform.check()
