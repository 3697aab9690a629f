"""What the web app opens with: the shows that play in a city, and where each of them does."""

import requests

from tests.e2e.test_defects import in_days, make_showing


def test_a_visitor_finds_what_plays_in_the_city_and_where(platform):
    visitor = platform.client()
    city = visitor.get("/venues")[0]["city"]
    shows = visitor.get("/shows/playing", city=city, limit=100)
    assert shows and [each["first_start"] for each in shows] == sorted(each["first_start"] for each in shows)
    for show in shows[:3]:
        showings = visitor.get(f"/shows/{show['id']}/schedules", city=city)
        assert len(showings) == show["showings"]
        assert len({each["venue_id"] for each in showings}) == show["venues"]
        assert showings[0]["start_time"] == show["first_start"]
        assert all(each["venue_city"] == city and each["venue_location"] for each in showings)
    full = visitor.get(f"/shows/{shows[0]['id']}")
    assert {name: shows[0][name] for name in full} == full, "all that a show has"


def test_a_change_of_the_catalogue_is_seen_at_once(platform):
    admin, visitor = platform.admin(), platform.client()
    made = make_showing(admin, days=2, city="Playville", time_zone="UTC")
    seen = visitor.get("/shows/playing", city="playVILLE")
    assert [(each["id"], each["showings"]) for each in seen] == [(made["show"]["id"], 1)]
    admin.post("/schedules", 201, show_id=made["show"]["id"], screen_id=made["screen"]["id"], start_time=in_days(3).isoformat())
    assert visitor.get("/shows/playing", city="Playville")[0]["showings"] == 2
    day = in_days(3).date().isoformat()
    assert visitor.get("/shows/playing", city="Playville", from_date=day)[0]["first_start"] >= day
    admin.delete(f"/shows/{made['show']['id']}")
    assert visitor.get("/shows/playing", city="Playville") == []
    assert visitor.get(f"/shows/{made['show']['id']}/schedules") == []


def test_what_plays_is_sent_once_while_it_stays_the_same(platform):
    url = f"{platform.url}/api/v1/shows/playing?city=Nowhere"
    first = requests.get(url, timeout=10)
    again = requests.get(url, headers={"If-None-Match": first.headers["ETag"]}, timeout=10)
    assert first.status_code == 200 and first.json() == [] and again.status_code == 304
