"""What customers hold in their hands: tickets, codes and calendar entries, in mails and for download."""

import datetime
import email
import email.policy
import json
import os
import subprocess
import time

import pytest
import requests

from tests.e2e.conftest import BINARY
from tests.harness import Platform, mailbox, mails_to


@pytest.fixture(scope="module")
def mailing(tmp_path_factory):
    """A platform whose mail goes to the mailbox of the tests."""
    with Platform(BINARY, tmp_path_factory.mktemp("papers"), settings=mailbox()) as started:
        yield started


def mail_of(user, kind, timeout=20):
    """The mail of this kind, as it went over the wire."""
    give_up = time.monotonic() + timeout
    while time.monotonic() < give_up:
        for mail in mails_to(user.account["email"]):
            if f".{kind}@" in mail["headers"]["message-id"]:
                source = requests.get(f"{os.environ['TICKETSHOW_TEST_MAILBOX_HTTP']}/api/email/{mail['id']}/source", timeout=10)
                return email.message_from_bytes(source.content, policy=email.policy.default)
        time.sleep(0.05)
    raise AssertionError(f"no mail of the kind {kind} came")


def parts_of(mail, media):
    return [part for part in mail.walk() if part.get_content_type() == media]


def output_of(*command, given=None):
    return subprocess.run(command, input=given, capture_output=True, timeout=60, check=True).stdout


def code_in(directory, image):
    file = directory / "image"
    file.write_bytes(image)
    return output_of("zbarimg", "--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", file).decode().rstrip("\n")


def pages_in(directory, pdf):
    """The text and the code of each page."""
    file = directory / "tickets.pdf"
    file.write_bytes(pdf)
    texts = output_of("pdftotext", "-layout", file, "-").decode().split("\f")[:-1]
    images = [output_of("pdftoppm", "-r", "150", "-png", "-f", str(i), "-l", str(i), file) for i in range(1, len(texts) + 1)]
    return [(text, code_in(directory, image)) for text, image in zip(texts, images, strict=True)]


READER = """
import icalendar, json, sys
calendar = icalendar.Calendar.from_ical(sys.stdin.buffer.read())
[event] = calendar.walk("VEVENT")
assert not event.errors, event.errors
print(json.dumps({"method": calendar["METHOD"], **{name: event[name].to_ical().decode() for name in event}}))
"""


def calendar_in(entry):
    """The one event of an entry, as Debian's python3-icalendar reads it."""
    return json.loads(output_of("/usr/bin/python3", "-c", READER, given=entry))


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def paid_booking(platform, seats=2, language="en"):
    user = platform.user(wallet="5000.00")
    if language != "en":
        user.patch("/auth/me", language=language)
    schedule, free = platform.open_schedule(user, minimum_seats=seats)
    booking = user.hold(schedule["id"], free[:seats])
    user.pay(booking["id"])
    return user, schedule, user.get(f"/bookings/{booking['id']}")


def assert_pages_are_tickets(pages, booking):
    assert len(pages) == len(booking["tickets"]) == len(booking["seat_ids"])
    for (text, code), ticket in zip(pages, booking["tickets"], strict=True):
        assert code == ticket["code"]
        flat = " ".join(text.split())
        for expected in (str(booking["id"]), booking["venue_name"], booking["venue_address"], booking["screen_name"]):
            assert expected in flat
        assert booking["show_name"].split()[0] in flat


def test_the_mail_brings_what_the_booking_says(mailing, tmp_path):
    user, schedule, booking = paid_booking(mailing)
    mail = mail_of(user, "booking-confirmed")

    [pdf] = parts_of(mail, "application/pdf")
    assert pdf.get_filename() == f"tickets-{booking['id']}.pdf"
    assert_pages_are_tickets(pages_in(tmp_path, pdf.get_content()), booking)

    images = {part["Content-ID"].strip("<>"): part.get_content() for part in parts_of(mail, "image/png")}
    [html] = [part.get_content() for part in parts_of(mail, "text/html")]
    assert [code_in(tmp_path, image) for image in images.values()] == [ticket["code"] for ticket in booking["tickets"]]
    for content_id in images:
        assert f'src="cid:{content_id}"' in html

    [entry] = parts_of(mail, "text/calendar")
    assert entry.get_param("method") == "PUBLISH"
    event = calendar_in(entry.get_payload(decode=True))
    assert event["method"] == "PUBLISH" and event["SUMMARY"] == booking["show_name"]
    assert instant(event["DTSTART"]) == instant(booking["show_time"])
    assert instant(event["DTEND"]) == instant(booking["end_time"]) == instant(schedule["end_time"])
    venue = user.get(f"/venues/{schedule['venue_id']}")
    assert venue["location"] in booking["venue_address"] and venue["city"] in booking["venue_address"]
    assert event["LOCATION"].replace("\\", "") == f"{booking['venue_name']}, {booking['screen_name']}, {booking['venue_address']}"

    # What can be fetched is the same.
    path = f"/bookings/{booking['id']}"
    fetched = user.raw("GET", f"{path}/tickets.pdf")
    assert fetched.headers["Content-Type"] == "application/pdf" and fetched.headers["Cache-Control"] == "no-store"
    assert f'filename="tickets-{booking["id"]}.pdf"' in fetched.headers["Content-Disposition"]
    assert_pages_are_tickets(pages_in(tmp_path, fetched.content), booking)
    assert calendar_in(user.raw("GET", f"{path}/calendar.ics").content)["UID"] == event["UID"]
    assert len(booking["ticket_qr_urls"]) == 2
    for url, seat, ticket in zip(booking["ticket_qr_urls"], booking["seat_ids"], booking["tickets"], strict=True):
        assert url.endswith(f"{path}/tickets/{seat}.svg")
        svg = user.raw("GET", f"{path}/tickets/{seat}.svg")
        assert svg.headers["Content-Type"] == "image/svg+xml"
        assert code_in(tmp_path, output_of("rsvg-convert", "--width", "400", given=svg.content)) == ticket["code"]
        png = user.raw("GET", f"{path}/tickets/{seat}.png")
        assert png.headers["Content-Type"] == "image/png" and code_in(tmp_path, png.content) == ticket["code"]


def test_papers_are_in_the_language_of_the_account(mailing, tmp_path):
    user, _, booking = paid_booking(mailing, seats=1, language="hi")
    [pdf] = parts_of(mail_of(user, "booking-confirmed"), "application/pdf")
    [(text, _)] = pages_in(tmp_path, pdf.get_content())
    assert "एक व्यक्ति के लिए" in text
    [(text, _)] = pages_in(tmp_path, user.raw("GET", f"/bookings/{booking['id']}/tickets.pdf?language=hi").content)
    assert "एक व्यक्ति के लिए" in text


def test_a_cancellation_takes_the_entry_out_of_the_calendar_and_ends_the_papers(mailing):
    user, _, booking = paid_booking(mailing, seats=1)
    published = calendar_in(user.raw("GET", f"/bookings/{booking['id']}/calendar.ics").content)
    user.delete(f"/bookings/{booking['id']}")
    mail = mail_of(user, "refund-initiated")
    [entry] = parts_of(mail, "text/calendar")
    assert entry.get_param("method") == "CANCEL"
    cancelled = calendar_in(entry.get_payload(decode=True))
    assert cancelled["method"] == "CANCEL" and cancelled["STATUS"] == "CANCELLED"
    assert cancelled["UID"] == published["UID"] and int(cancelled["SEQUENCE"]) > int(published["SEQUENCE"])
    assert parts_of(mail, "application/pdf") == []
    for paper in papers_of(booking):
        assert user.get(paper, expect=409)["code"] == "NO_TICKETS"


def papers_of(booking):
    path, seat = f"/bookings/{booking['id']}", booking["seat_ids"][0]
    return [f"{path}/tickets.pdf", f"{path}/calendar.ics", f"{path}/tickets/{seat}.svg", f"{path}/tickets/{seat}.png"]


def test_only_the_owner_gets_papers_and_only_of_what_is_paid(mailing):
    user, _, booking = paid_booking(mailing, seats=1)
    other = mailing.user()
    for paper in papers_of(booking):
        assert other.get(paper, expect=404)["code"] == "BOOKING_NOT_FOUND"
        assert mailing.admin().get(paper, expect=404)["code"] == "BOOKING_NOT_FOUND"
        assert mailing.client().get(paper, expect=401)
        assert user.raw("GET", paper).status_code == 200
    for file in ("1.svg", f"{booking['seat_ids'][0]}.gif", "svg"):
        assert user.get(f"/bookings/{booking['id']}/tickets/{file}", expect=404)["code"] == "TICKET_NOT_FOUND"

    schedule, free = mailing.open_schedule(user)
    unpaid = user.hold(schedule["id"], free[:1])
    for paper in papers_of(unpaid):
        problem = user.get(paper, expect=409)
        assert problem["code"] == "NO_TICKETS" and problem["detail"] == "The booking is not paid yet."
