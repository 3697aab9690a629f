"""The alerts and the dashboard ask for what the program tells, fire when they should, and say what to do."""

import json
import re

import pytest
import requests
import yaml

from tests.card_sandbox import CardPlatform, buy, session_of_payment, until
from tests.deploy.conftest import BINARY, DEPLOY, ROOT, succeeds
from tests.event_stream import EventStream

PROMETHEUS = DEPLOY / "prometheus"
NAME = re.compile(r"\bticketshow_\w+")


def rules():
    (group,) = yaml.safe_load((PROMETHEUS / "alerts.yaml").read_text())["groups"]
    return group["rules"]


def panels():
    board = json.loads((DEPLOY / "grafana/dashboard.json").read_text())
    return [panel for panel in board["panels"] if panel["type"] != "row"]


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What /metrics says after a day's work: its samples as name → the sets of labels. What is rare is made to happen."""
    with CardPlatform(BINARY, tmp_path_factory.mktemp("cards"), settings={"BOOKING_DOORS_OPEN_BEFORE_MIN": "100000"}) as shop:
        user, admin = shop.platform.user(wallet=1000), shop.platform.admin()
        schedule, free = shop.platform.open_schedule(user, minimum_seats=4)
        assert EventStream(shop.platform.url, f"/api/v1/bookings/schedule/{schedule['id']}/seats/stream").status == 200
        paid = user.hold(schedule["id"], free[:2])
        user.pay(paid["id"])
        ticket = user.get(f"/bookings/{paid['id']}")["tickets"][0]
        assert admin.post("/tickets/scan", code=ticket["code"], device="door")["outcome"] == "ADMITTED"
        _, payment = buy(shop, user)
        shop.cards.call("POST", "webhooks", type="dispute.opened", data={"payment_id": payment["transaction_id"]})
        shop.cards.call("POST", "webhooks", type="payment.succeeded", data={"payment_id": "pay_x"}, corrupt="signature")
        begun = shop.begin(user, shop.hold(user))
        shop.cards.call("POST", f"sessions/{session_of_payment(shop, begun)}/capture", amount=1)

        def samples():
            text = requests.get(f"{shop.platform.url}/metrics", timeout=10).text
            found = {}
            for name, labels in re.findall(r"^(ticketshow_\w+)(?:\{(.*)\})? \S+$", text, re.M):
                found.setdefault(name, set()).update(re.findall(r'(\w+)="', labels))
            return found if {"ticketshow_payment_disputes_total", "ticketshow_payment_webhooks_refused_total",
                             "ticketshow_payment_captures_refused_total"} <= set(found) else None
        return until(samples, 30)


@pytest.mark.parametrize("name", ["prometheus.yaml", "one-process.yaml"])
def test_promtool_finds_nothing_nor_in_what_is_a_comment_until_it_is_wanted(name):
    succeeds("promtool", "check", "config", PROMETHEUS / name)
    text = (PROMETHEUS / name).read_text()
    wanted, count = re.subn(r"^# (alerting:|  .*)$", r"\1", text.replace("[alerts.yaml]", f"[{PROMETHEUS / 'alerts.yaml'}]"), flags=re.M)
    assert count == 3 and yaml.safe_load(wanted)["alerting"]
    succeeds("promtool", "check", "config", "/dev/stdin", input=wanted)


def test_one_process_is_scraped_where_it_answers(declared):
    (job,) = yaml.safe_load((PROMETHEUS / "one-process.yaml").read_text())["scrape_configs"]
    (target,) = job["static_configs"][0]["targets"]
    assert job["job_name"] == "ticketshow" and job["static_configs"][0]["labels"] == {"service": "all"}
    assert target.split(":")[1] == declared["TICKETSHOW_HTTP_PORT"][0]


def test_every_alert_fires_when_it_should_and_not_before():
    succeeds("promtool", "test", "rules", PROMETHEUS / "alerts_test.yaml")
    cases = yaml.safe_load((PROMETHEUS / "alerts_test.yaml").read_text())["tests"]
    tried = {}
    for case in (case for each in cases for case in each.get("alert_rule_test", [])):
        tried.setdefault(case["alertname"], set()).add(bool(case["exp_alerts"]))
    assert tried == {rule["alert"]: {True, False} for rule in rules()}


def test_alerts_and_dashboard_ask_for_what_the_program_tells(told):
    expressions = [rule["expr"] for rule in rules()] + [target["expr"] for panel in panels() for target in panel["targets"]]
    asked = {name for expression in expressions for name in NAME.findall(expression)}
    assert len(asked) > 30 and asked <= set(told)


def test_what_is_told_by_labels_is_asked_by_them(told):
    """Summed by a label that a metric has not, it would be one line where there should be several."""
    given = {"le", "instance", "service", "job"}  # of histograms, and of Prometheus itself
    expressions = [rule["expr"] for rule in rules()] + [target["expr"] for panel in panels() for target in panel["targets"]]
    for expression in expressions:
        asked = set(re.findall(r"\w+", ",".join(re.findall(r"\bby \((.*?)\)", expression)))) | set(re.findall(r"(\w+)=\"", expression))
        known = given.union(*(told[name] for name in NAME.findall(expression)))
        assert asked <= known, expression


def test_the_dashboard_is_one_that_grafana_takes(tmp_path):
    board = json.loads((DEPLOY / "grafana/dashboard.json").read_text())
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    assert all(panel["datasource"]["uid"] == "${datasource}" for panel in panels())
    assert [variable["name"] for variable in board["templating"]["list"]] == ["datasource"]
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in board["panels"]]
    assert len(set(places)) == len(places)
    # Its expressions are PromQL.
    recorded = [{"record": f"panel:{number}", "expr": target["expr"].replace("$__rate_interval", "1m")}
                for number, target in enumerate(target for panel in panels() for target in panel["targets"])]
    (tmp_path / "rules.yaml").write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": recorded}]}))
    succeeds("promtool", "check", "rules", tmp_path / "rules.yaml")


def test_every_alert_has_its_section_of_what_to_do_and_every_section_its_alert():
    runbook = (ROOT / "docs/operations.md").read_text().split("\n## When an alert fires\n")[1]
    sections = re.findall(r"^### (\w+)$", runbook, re.M)
    assert sections == [rule["alert"] for rule in rules()]
    for rule in rules():
        assert rule["annotations"]["runbook_url"] == f"docs/operations.md#{rule['alert'].lower()}"
        assert rule["labels"]["severity"] in ("page", "ticket") and rule["annotations"]["summary"]


def test_what_operators_are_told_to_type_is_there():
    told = (ROOT / "docs/operations.md").read_text() + (DEPLOY / "README.md").read_text()
    commands = re.findall(r"(?:`ticketshow |^ticketshow |run --rm --no-deps (?:migrate|seed) |exec \w+ ticketshow )([a-z]+(?: [a-z][a-z-]*)*)", told, re.M)
    assert len(commands) > 10
    for command in set(commands):
        assert f"Usage: ticketshow {command} " in succeeds(BINARY, *command.split(), "--help")
