"""deploy/compose.yaml, as Compose itself reads it, is whole: every service, every setting, and no secret where it is not used."""

import itertools
import json
import re

import pytest

from tests.deploy import compose
from tests.deploy.conftest import BINARY, DEPLOY, ROOT, run, succeeds
from tests.harness import with_parameters
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
    assert set(services["gateway"]["depends_on"]) == PARTS - {"search", "notification"} | {"seed"}, "the shop opens without them"
    assert set(services["migrate"]["depends_on"]) == {"postgres"}


@pytest.mark.parametrize("profiles", [set(), {"sample"}, {"monitoring"}, {"sample", "monitoring"}])
def test_what_is_needed_is_there_in_every_profile_or_not_required(services, profiles):
    here = {name for name, each in services.items() if not each.get("profiles") or profiles & set(each["profiles"])}
    assert SERVICES | {"migrate"} <= here
    for name in here:
        for other, how in services[name].get("depends_on", {}).items():
            assert other in here or not how["required"], f"{name} needs {other}, which is not there with {profiles or 'no profile'}"


def test_a_try_out_has_sample_data_and_stand_ins_and_production_need_not(services, given):
    assert {name for name, each in services.items() if "sample" in each.get("profiles", [])} == {"seed", "sandbox", "mailpit"}
    assert given["COMPOSE_PROFILES"] == "sample"


def test_a_job_that_ends_well_is_awaited_by_somebody(services):
    """Otherwise `up --wait` takes its end for a failure."""
    awaited = {other for each in services.values() for other, how in each.get("depends_on", {}).items()
               if how["condition"] == "service_completed_successfully"}
    assert awaited == JOBS == {name for name, each in services.items() if each["restart"] == "no"}


def test_no_log_fills_the_disk(services):
    for name, each in services.items():
        assert each["logging"] == {"driver": "json-file", "options": {"max-size": "10m", "max-file": "5"}}, name


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
    for name in given.keys() - {"COMPOSE_PROFILES"}:
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


# Which commands are tried, and with which arguments.
COMMANDS = {
    "migrate": [["migrate"], ["check"]],
    "seed": [["events", "dead", "list"]],
    "auth": [["admin", "create", "--email", "chief@cinema.example"], ["staff", "create", "--email", "door@cinema.example", "--venue", "1"],
             ["wallet", "credit", "--email", "chief@cinema.example", "--amount", "5.00", "--reference", "gift"], ["keys", "rotate"]],
    "booking": [["tickets", "rotate-key"]],
    "payment": [["payments", "failed-refunds"], ["payments", "disputes"], ["events", "dead", "replay", "--all", "--service", "payment"]],
}


@pytest.mark.parametrize("container", COMMANDS)
def test_a_command_works_with_the_databases_that_its_container_knows(services, platform, container):
    user = "ticketshow_owner" if container == "migrate" else None
    known = {name: with_parameters(platform.database.url, user=user) for name in told(services[container]) if re.fullmatch(r"TICKETSHOW_DATABASE_\w+_URL", name)}
    nowhere = "postgresql://127.0.0.1:9/none"
    environment = platform.environment(DATABASE_URL=nowhere) | known
    table = (DEPLOY / "README.md").read_text()
    for command in COMMANDS[container]:
        name = " ".join(itertools.takewhile(lambda word: not word.startswith("-"), command))
        assert re.search(rf"^\| .*`{name}`.* \| .*`{container}`", table, re.M), f"{name} in {container} is not in the table"
        done = run(BINARY, *command, env=environment, input="correct horse\n")
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"


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
