"""Search over the real binary, on PostgreSQL and on a real OpenSearch that goes away and comes back."""

import datetime
import re
import time

import pytest
import requests

from tests.e2e.conftest import BINARY
from tests.harness import Platform
from tests.stack.opensearch import OpenSearch


@pytest.fixture(scope="module")
def opensearch(tmp_path_factory):
    server = OpenSearch(tmp_path_factory.mktemp("opensearch"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module", params=["pg", "elastic"])
def platform(request, tmp_path_factory):
    """The platform with the sample data on each engine."""
    settings = {"SEARCH_ADAPTER": request.param}
    if request.param == "elastic":
        settings["SEARCH_ELASTIC_URL"] = request.getfixturevalue("opensearch").address()
    with Platform(BINARY, tmp_path_factory.mktemp(f"search-{request.param}"), settings=settings) as started:
        wait_until_filled(started)
        yield started


@pytest.fixture(scope="module")
def elastic(opensearch, tmp_path_factory):
    settings = {"SEARCH_ADAPTER": "elastic", "SEARCH_ELASTIC_URL": opensearch.address(), "SEARCH_ELASTIC_ALIAS": "outage"}
    with Platform(BINARY, tmp_path_factory.mktemp("outage"), settings=settings) as started:
        wait_until_filled(started)
        yield started


def wait_until_filled(platform, timeout=30):
    """A fresh engine takes a moment for its first index; until then search answers 503."""
    give_up = time.monotonic() + timeout
    while not platform.client().raw("GET", "/search/cities").status_code == 200:
        assert time.monotonic() < give_up, "the index was not filled"
        time.sleep(0.05)


def titles(client, query, **more):
    return [show["title"] for show in client.get("/search", q=query, **more)["shows"]]


def wait_for_titles(client, query, expected, timeout=10, **more):
    give_up = time.monotonic() + timeout
    while (seen := titles(client, query, **more)) != expected:
        assert time.monotonic() < give_up, f"{query} found {seen}, not {expected}"
        time.sleep(0.02)


def tomorrow(hour):
    day = datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=1)
    return f"{day}T{hour:02}:00:00Z"


def test_what_people_type_finds_what_they_mean(platform):
    client = platform.client()
    wait_for_titles(client, "lihgthuose", ["The Lighthouse Keeper's Atlas"])
    found = client.get("/search", q="mansoan express", limit=3)
    assert found["query"] == "mansoan express" and found["city"] is None
    assert found["did_you_mean"] == "monsoon express"
    assert found["shows"][0]["highlight"]["title"] == "<mark>Monsoon</mark> <mark>Express</mark>"
    assert found["shows"][0]["price"] == "280.00"
    assert [venue["name"] for venue in client.get("/search", q="REGAL ta")["venues"]] == ["Regal Talkies"]
    assert client.get("/search/cities") == ["Bengaluru", "Delhi", "Mumbai", "Pune"]
    assert client.get("/search/cities", limit=1) == ["Bengaluru"]


def test_a_bad_question_is_refused(platform):
    client = platform.client()
    for query in ({}, {"q": ""}, {"q": "x" * 121}, {"q": "x", "limit": 0}, {"q": "x", "limit": 51}, {"q": "x", "city": ""}):
        assert client.get("/search", expect=422, **query)["code"] == "VALIDATION_FAILED"
    client.get("/search", q="x" * 120, limit=50)


def test_a_change_of_the_catalogue_is_found(platform):
    admin = platform.admin()
    show = admin.post("/shows", expect=201, title="Quixotic Zephyr", duration_minutes=100, price=100, description="x")
    wait_for_titles(admin, "quixotic", ["Quixotic Zephyr"])
    assert titles(admin, "quixotic", city="Nagpur") == []
    venue = admin.post("/venues", expect=201, name=f"Orange {show['id']}", location="x", city="Nagpur",
                       opening_time="00:00", closing_time="00:00")
    screen = admin.post("/screens", expect=201, venue_id=venue["id"], name="One", capacity=10)
    schedule = admin.post("/schedules", expect=201, show_id=show["id"], screen_id=screen["id"], start_time=tomorrow(9))
    wait_for_titles(admin, "quixotic", ["Quixotic Zephyr"], city="nagpur")
    admin.wait_for("/search/cities", lambda cities: "Nagpur" in cities)
    admin.delete(f"/schedules/{schedule['id']}")
    wait_for_titles(admin, "quixotic", [], city="nagpur")
    admin.patch(f"/shows/{show['id']}", title="Quixotic Breeze")
    wait_for_titles(admin, "quixotic", ["Quixotic Breeze"])
    admin.delete(f"/shows/{show['id']}")
    wait_for_titles(admin, "quixotic", [])
    admin.delete(f"/venues/{venue['id']}")
    admin.wait_for("/search/cities", lambda cities: "Nagpur" not in cities)
    platform.check()


def test_defect_28_a_restart_drops_nothing_and_a_city_counts(platform):
    client = platform.client()
    everywhere = titles(client, "the", limit=50)
    platform.restart()
    assert titles(client, "the", limit=50) == everywhere
    venues = client.get("/search", q="c", city="pune", limit=50)["venues"]
    assert {venue["city"] for venue in venues} <= {"Pune"}
    assert [v["name"] for v in client.get("/search", q="plaza", city="PUNE")["venues"]] == ["Deccan Plaza"]
    assert client.get("/search", q="plaza", city="Mumbai")["venues"] == []


def test_reindex_serves_all_the_while(platform):
    client = platform.client()
    assert re.search(r"built anew: 1[45] shows, [89] venues", platform.command("search", "reindex"))
    assert titles(client, "chai") == ["Chai for Two Hundred"]


def test_while_opensearch_is_down_everything_else_works(elastic, opensearch):
    admin = elastic.admin()
    wait_for_titles(admin, "chai", ["Chai for Two Hundred"])
    opensearch.stop()
    problem = admin.raw("GET", "/search", params={"q": "chai"})
    assert problem.status_code == 503
    failed = elastic.command("search", "reindex", check=False)
    assert failed.returncode == 1, failed.stdout
    assert "could not be rebuilt" in failed.stderr and "Connection refused" in failed.stderr, "an operator is told why"
    assert problem.json()["code"] == "SEARCH_UNAVAILABLE"
    assert admin.get("/search/cities", expect=503)["code"] == "SEARCH_UNAVAILABLE"
    user = elastic.user(wallet=1000)
    schedule, free = elastic.open_schedule(user)
    assert user.pay(user.hold(schedule["id"], free[:1])["id"])["status"] == "COMPLETED"
    admin.post("/shows", expect=201, title="Made Meanwhile", duration_minutes=100, price=100, description="x")
    assert requests.get(f"{elastic.url}/health/ready", timeout=5).status_code == 200
    opensearch.start()
    back = time.monotonic()
    give_up = back + 30
    while admin.raw("GET", "/search", params={"q": "meanwhile"}).json().get("shows", []) == []:
        assert time.monotonic() < give_up, "the index did not converge within 30 s"
        time.sleep(0.05)


def test_search_may_run_without_its_engine_from_the_start(tmp_path):
    settings = {"SEARCH_ADAPTER": "elastic", "SEARCH_ELASTIC_URL": "http://127.0.0.1:1"}
    with Platform(BINARY, tmp_path, sample_data=False, settings=settings) as alone:
        assert alone.client().get("/search", q="x", expect=503)["code"] == "SEARCH_UNAVAILABLE"
        assert alone.client().get("/shows") == []
