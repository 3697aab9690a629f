"""deploy/compose.yaml, as Compose itself reads it, is whole: every service, every setting, and no secret where it is not used."""

import json
import re

import pytest

from tests.deploy import compose
from tests.deploy.conftest import BINARY, DEPLOY, ROOT, succeeds
from tests.stack.s3 import SEAWEEDFS

PARTS = {"auth", "catalog", "booking", "payment", "search", "notification"}
SERVICES = PARTS | {"gateway"}
JOBS = {"migrate", "seed"}
# What the image says itself (deploy/Dockerfile), or what has no use where each service has a container.
OF_THE_IMAGE = {"TICKETSHOW_DATA_DIR", "TICKETSHOW_HTTP_ADDRESS", "TICKETSHOW_WEB_ROOT", "TICKETSHOW_DOCS_ASSETS"}
OF_NO_USE = {"TICKETSHOW_BLOB_DIR", "TICKETSHOW_DATABASE_URL", "TICKETSHOW_DATABASE_OWNER", "TICKETSHOW_INTERNAL_KEY_FILE"}


@pytest.fixture(scope="module")
def given():
    return compose.variables()


@pytest.fixture(scope="module")
def services():
    return compose.services()


def told(service):
    return service["environment"]


def test_every_target_is_a_service_that_waits_for_what_it_needs(services):
    named = re.search(r"\| `target` \|.*\((.*)\) \|", succeeds(BINARY, "settings")).group(1).split(",")
    assert SERVICES == set(named) == {each["environment"]["TICKETSHOW_TARGET"] for name, each in services.items() if name in named}
    for name in PARTS:
        needs = services[name]["depends_on"]
        assert needs["migrate"]["condition"] == "service_completed_successfully", name
        assert {each["condition"] for other, each in needs.items() if other != "migrate"} <= {"service_healthy"}, name
    assert set(services["gateway"]["depends_on"]) == PARTS - {"search", "notification"}, "the shop opens without them"
    assert set(services["migrate"]["depends_on"]) == {"postgres"}


def test_every_setting_can_be_given_in_the_one_file(services, given, declared):
    assert {name for name in given if name.startswith("TICKETSHOW_")} <= set(declared)
    reached = set().union(*(told(services[name]) for name in SERVICES | JOBS))
    assert reached == set(declared) - OF_THE_IMAGE - OF_NO_USE
    for name in {name for name, (_, secret) in declared.items() if not secret} & reached - {"TICKETSHOW_TARGET"}:
        assert all(name in told(services[each]) for each in SERVICES | JOBS), f"{name} reaches not everybody"


def test_booking_may_be_scaled_behind_its_one_name(services):
    assert all(int(told(services[name])["TICKETSHOW_BOOKING_MAP_MAX_AGE_MS"]) > 0 for name in SERVICES)


def test_nothing_in_the_file_is_without_use(given):
    text = (DEPLOY / "compose.yaml").read_text()
    for name in given:
        assert re.search(rf"\$\{{{name}\}}|^ +{name}: *(}}|$)", text, re.M), f"{name} of .env is used by nobody"


def test_a_service_holds_the_secrets_that_it_uses_and_no_other(services, declared):
    for name in SERVICES:
        own = {f"TICKETSHOW_DATABASE_{name.upper()}_URL", "TICKETSHOW_DATABASE_BUS_URL"} & set(declared)
        if name == "search":
            own.add("TICKETSHOW_DATABASE_SEARCH_INDEX_URL")
        databases = {each for each in told(services[name]) if each.startswith("TICKETSHOW_DATABASE_") and each.endswith("_URL")}
        assert databases == own, name
        assert "owner" not in json.dumps([told(services[name])[each] for each in databases]), name
        for secret, users in {"DODO_API_KEY": {"payment"}, "DODO_WEBHOOK_SECRETS": {"payment"}, "MAIL_PASSWORD": {"notification"},
                              "S3_SECRET_KEY": {"catalog", "gateway"}, "SEARCH_ELASTIC_PASSWORD": {"search"},
                              "KAFKA_PASSWORD": PARTS - {"auth"}}.items():
            assert (f"TICKETSHOW_{secret}" in told(services[name])) == (name in users), f"{name}: {secret}"


def test_servers_are_of_the_versions_that_are_tested(given):
    pom = (ROOT / "tests/stack/kafka/pom.xml").read_text()
    assert given["KAFKA_IMAGE"].split(":")[1] == re.search(r"<artifactId>kafka_[\d.]+</artifactId>\s*<version>(.*)</version>", pom).group(1)
    assert given["STORAGE_IMAGE"].split(":")[1] == SEAWEEDFS
    packages = (ROOT / "tools/packages.txt").read_text()
    major = re.match(r"postgres:(\d+)", given["POSTGRES_IMAGE"]).group(1)
    assert f"run postgresql-{major} " in packages
    assert tuple(map(int, given["ELASTICSEARCH_IMAGE"].split(":")[1].split("."))) >= (8, 13, 0)


def test_containers_are_healthy_before_others_need_them_and_may_do_little(services):
    dockerfile = (DEPLOY / "Dockerfile").read_text()
    for name, each in services.items():
        for other, how in each.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                target = services[other].get("build", {}).get("target")
                checked = f"AS {target}\n" in dockerfile and "HEALTHCHECK" in dockerfile.split(f"AS {target}\n")[1].split("\nFROM ")[0]
                assert "healthcheck" in services[other] or checked, f"{name} waits for the health of {other}"
        assert each["security_opt"] == ["no-new-privileges:true"], name
        assert all(port["host_ip"] == "127.0.0.1" for port in each.get("ports", [])), name
        if "build" in each:
            assert each["read_only"] and each["cap_drop"] == ["ALL"], name
        else:
            assert re.fullmatch(r"[a-z]+(/[a-z]+)?:v?\d[\w.-]*", each["image"]), f"{name}: no version of {each['image']}"
