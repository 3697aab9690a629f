"""Mail: how long after the commit of a payment a mail server has the mail about it, at 100 payments a second."""

import concurrent.futures
import time

from bench.stage import row
from tests.harness import Client
from tests.stack.server import wait_until

A_SECOND = 100
BOOKINGS_OF_A_USER = 20  # as many seats as one account may have of one showing


def pay_evenly(clients, bookings, seconds):
    """Pays one booking after another, A_SECOND a second; returns the rate that was kept."""
    began = time.monotonic()

    def pay(number):
        time.sleep(max(0.0, began + number / A_SECOND - time.monotonic()))
        user, booking = bookings[number]
        clients[user].pay(booking)

    with concurrent.futures.ThreadPoolExecutor(32) as pool:
        list(pool.map(pay, range(seconds * A_SECOND)))
    return seconds * A_SECOND / (time.monotonic() - began)


def hold(clients, schedule, screen, count):
    """Holds a seat for each of so many bookings; returns (user, booking) of each."""
    def one(number):
        user = number // BOOKINGS_OF_A_USER
        return user, clients[user].hold(schedule, [screen * 10_000 + number + 1])["id"]

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        return list(pool.map(one, range(count)))


def run(stage, options):
    seconds = min(options.seconds * options.rounds, len(stage.tokens) * BOOKINGS_OF_A_USER // A_SECOND)
    _, [(schedule, screen)] = stage.make_schedules(1, 2000)
    clients = []
    for token in stage.tokens:
        clients.append(Client(stage.platform.url))
        clients[-1].token = token
    bookings = hold(clients, schedule, screen, min(seconds * A_SECOND, 2000))
    mails = f"FROM notification.mail WHERE booking_id >= {min(id for _, id in bookings)}"  # not those of an earlier suite
    wait_for(stage, "SELECT count(*) = 0 FROM notification.mail WHERE state = 'QUEUED'")
    stage.settle()
    rate = pay_evenly(clients, bookings, len(bookings) // A_SECOND)
    wait_for(stage, f"SELECT count(*) = {len(bookings)} {mails} AND state = 'SENT'")
    [[median_ms, p99_ms]] = stage.platform.database.sql(f"""
        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY ms), percentile_cont(0.99) WITHIN GROUP (ORDER BY ms)
        FROM (SELECT extract(epoch FROM sent_at - happened_at) * 1000 AS ms {mails}) m""")
    p99 = float(p99_ms)
    return [row(f"commit to mail accepted, {rate:.0f} payments/s", f"p99 {p99:.0f} ms (median {float(median_ms):.0f} ms)", "<= 500 ms",
                p99 <= 500, p99_ms=p99, median_ms=float(median_ms), rate=rate)]


def wait_for(stage, condition):
    assert wait_until(lambda: stage.platform.database.sql(condition) == [["t"]], 120), f"still not so: {condition}"
