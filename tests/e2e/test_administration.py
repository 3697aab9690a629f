"""What administrators read: who comes to a showing, what was sold, in the pages and as a file."""

import csv
import datetime
import io

import pytest
import requests

from tests.e2e.test_defects import in_days, make_showing


@pytest.fixture(scope="module")
def sold(platform):
    """A showing of its own with two seats sold and one held, in three days."""
    made = make_showing(platform.admin(), days=3, time_zone="UTC")
    made["buyer"], made["holder"] = platform.user(wallet=1000), platform.user()
    made["bought"] = made["buyer"].hold(made["schedule"]["id"], made["seats"][:2])
    made["buyer"].pay(made["bought"]["id"])
    made["held"] = made["holder"].hold(made["schedule"]["id"], made["seats"][5:6])
    return made


def test_bookings_of_a_showing_are_listed_with_who_made_them(platform, sold):
    admin, path = platform.admin(), f"/bookings/schedule/{sold['schedule']['id']}"
    listed = admin.get(path)
    assert [each["id"] for each in listed] == [sold["held"]["id"], sold["bought"]["id"]]
    assert [each["user_email"] for each in listed] == [sold["holder"].account["email"], sold["buyer"].account["email"]]
    assert listed[0]["username"] == sold["holder"].account["username"]
    own = sold["buyer"].get(f"/bookings/{sold['bought']['id']}")
    assert {name: listed[1][name] for name in own if name != "tickets"} == {name: own[name] for name in own if name != "tickets"}
    assert [each["id"] for each in admin.get(path, status="CONFIRMED")] == [sold["bought"]["id"]]
    assert [each["id"] for each in admin.get(path, skip=1, limit=1)] == [sold["bought"]["id"]]
    assert admin.get("/bookings/schedule/99999999", expect=404)["code"] == "SCHEDULE_NOT_FOUND"


def sales(platform, by, days=10):
    today = datetime.datetime.now(datetime.timezone.utc).date()
    return platform.admin().get("/reports/sales", from_date=today, to_date=today + datetime.timedelta(days=days), group_by=by)


def test_what_was_sold_is_told_by_day_show_and_venue(platform, sold):
    show = next(row for row in sales(platform, "show") if row["key"] == str(sold["show"]["id"]))
    assert show == {"key": str(sold["show"]["id"]), "label": sold["show"]["title"], "showings": 1, "seats_offered": 20,
                    "seats_sold": 2, "revenue": "200.00", "currency": "INR"}
    venue = next(row for row in sales(platform, "venue") if row["key"] == str(sold["venue"]["id"]))
    assert (venue["label"], venue["seats_sold"], venue["revenue"]) == (sold["venue"]["name"], 2, "200.00")
    days = sales(platform, "day")
    assert [row["key"] for row in days] == sorted(row["key"] for row in days)
    assert in_days(3).date().isoformat() in [row["key"] for row in days]
    for rows in days, sales(platform, "venue"):
        assert sum(row["seats_sold"] for row in rows) == sum(row["seats_sold"] for row in sales(platform, "show"))


def test_what_was_cancelled_is_not_sold(platform):
    made = make_showing(platform.admin(), days=3, time_zone="UTC")
    user = platform.user(wallet=1000)
    booking = user.hold(made["schedule"]["id"], made["seats"][:1])
    user.pay(booking["id"])
    user.delete(f"/bookings/{booking['id']}")
    show = next(row for row in sales(platform, "show") if row["key"] == str(made["show"]["id"]))
    assert (show["showings"], show["seats_sold"], show["revenue"]) == (1, 0, "0.00")


def test_a_spreadsheet_gets_the_same_rows_and_runs_nothing(platform, sold):
    admin = platform.admin()
    admin.patch(f"/shows/{sold['show']['id']}", title='=HYPERLINK("http://evil.example","free, \n"" tickets")')
    admin.wait_for(f"/bookings/schedule/{sold['schedule']['id']}", lambda seen: seen[0]["show_name"].startswith("="))
    day = in_days(3).date().isoformat()
    query = {"from_date": day, "to_date": day, "group_by": "show"}
    answer = admin.raw("GET", "/reports/sales.csv", params=query)
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert answer.headers["Content-Disposition"].startswith("attachment") and f"sales-by-show-{day}-to-{day}.csv" in answer.headers["Content-Disposition"]
    read = list(csv.DictReader(io.StringIO(answer.content.decode(), newline=""), strict=True))
    rows = admin.get("/reports/sales", **query)
    assert [{name: str(value) for name, value in row.items()} for row in rows] == [
        {**row, "label": row["label"].removeprefix("'")} for row in read]
    assert next(row for row in read if row["key"] == str(sold["show"]["id"]))["label"].startswith("'=HYPERLINK")


@pytest.mark.parametrize("query", [{}, {"from_date": "2030-01-01"}, {"from_date": "2030-01-02", "to_date": "2030-01-01"},
                                   {"from_date": "2030-01-01", "to_date": "2031-01-02"},
                                   {"from_date": "2030-01-01", "to_date": "2030-01-02", "group_by": "screen"}])
def test_days_that_make_no_report_are_refused_by_name(platform, query):
    for path in "/reports/sales", "/reports/sales.csv":
        answer = platform.admin().raw("GET", path, params=query)
        assert answer.status_code == 422 and answer.json()["errors"][0]["pointer"].startswith("?"), answer.text


def test_nobody_else_sees_any_of_it(platform, sold):
    staff = platform.client().login(*platform.accounts["STAFF"])
    for path in f"/bookings/schedule/{sold['schedule']['id']}", "/reports/sales", "/reports/sales.csv":
        assert requests.get(f"{platform.url}/api/v1{path}", timeout=10).status_code == 401
        assert sold["buyer"].raw("GET", path).status_code == 403
        assert staff.raw("GET", path).status_code == 403
