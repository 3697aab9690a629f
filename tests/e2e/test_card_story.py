"""The whole story of a card payment, from the provider's page to the door and back to the card, on the real binary and mailbox."""

import datetime

import pytest
import requests

from tests.card_sandbox import enter_card, reconcile, status, until, wait_until_at_rest
from tests.e2e.conftest import shop_on
from tests.e2e.test_defects import make_showing
from tests.e2e.test_tickets import scan, staff_of
from tests.e2e.test_tickets_documents import calendar_in, code_in, instant, mail_of, pages_in, parts_of
from tests.harness import mailbox


@pytest.fixture(scope="module")
def cinema(request):
    """Takes cards and sends mail; the doors of all showings are open."""
    yield from shop_on(request, lambda: {**mailbox(), "BOOKING_DOORS_OPEN_BEFORE_MIN": "100000"})


def pay_on_the_page(cinema, user, showing, seats):
    """A booking that is paid by a person who reads the page."""
    booking = user.hold(showing["schedule"]["id"], seats)
    payment = cinema.begin(user, booking)
    page = requests.get(payment["checkout_url"], timeout=20)
    assert page.status_code == 200 and booking["total_amount"] in page.text.replace(",", "")
    assert f"/checkout/{booking['id']}" in enter_card(payment["checkout_url"])
    payment = status(user, payment, "COMPLETED")
    return user.get(f"/bookings/{booking['id']}"), payment


def webhook_to_confirmation(cinema, payment):
    """The time from the provider's message to the confirmed booking, in seconds."""
    delivery = until(lambda: next((each for each in cinema.cards.books()["deliveries"]
                                   if each["type"] == "payment.succeeded" and (each["about"] or {}).get("id") == payment["transaction_id"]
                                   and each["attempts"]), None))
    [[confirmed]] = cinema.platform.database.sql(f"""SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.USZ')
        FROM payment.transition WHERE payment_id = {payment['id']} AND to_step = 'COMPLETED'""")
    return (instant(confirmed) - instant(delivery["attempts"][0]["at"])) / datetime.timedelta(seconds=1)


def test_a_card_pays_the_mail_brings_the_tickets_the_door_admits_once_and_a_cancellation_goes_back_to_the_card(cinema, tmp_path):
    platform = cinema.platform
    admin = platform.admin()
    showing = make_showing(admin)
    staff = staff_of(platform, admin, showing["venue"]["id"])
    user = platform.user()

    booking, payment = pay_on_the_page(cinema, user, showing, showing["seats"][:2])
    assert booking["status"] == "CONFIRMED" and webhook_to_confirmation(cinema, payment) < 1

    mail = mail_of(user, "booking-confirmed")
    [pdf] = parts_of(mail, "application/pdf")
    codes = [code for _, code in pages_in(tmp_path, pdf.get_content())]
    assert codes == [code_in(tmp_path, part.get_content()) for part in parts_of(mail, "image/png")]
    [entry] = parts_of(mail, "text/calendar")
    event = calendar_in(entry.get_payload(decode=True))
    assert event["SUMMARY"] == showing["show"]["title"] and instant(event["DTSTART"]) == instant(booking["show_time"])

    assert len(set(codes)) == 2
    for code in codes:
        assert scan(staff, code)["outcome"] == "ADMITTED"
        assert scan(staff, code)["outcome"] == "ALREADY_USED"

    other, paid = pay_on_the_page(cinema, user, showing, showing["seats"][2:3])
    user.delete(f"/bookings/{other['id']}")
    status(user, paid, "REFUNDED")
    [refund] = cinema.cards.refunds_of(paid["transaction_id"])
    assert refund["status"] == "succeeded" and refund["amount"] == round(float(other["total_amount"]) * 100)
    assert not cinema.cards.refunds_of(payment["transaction_id"]) and user.balance() == "0.00"
    assert scan(staff, other["tickets"][0]["code"])["outcome"] == "CANCELLED"
    mail_of(user, "refund-completed")

    wait_until_at_rest(cinema)
    platform.check()
    assert " 0 repaired, 0 left." in reconcile(cinema)
