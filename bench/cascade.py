"""Cancelling a show with 100,000 paid bookings: how soon nothing can be sold any more, how soon every booking is in its final state, how
soon everybody has their money back."""

import time

from bench.stage import row

BOOKINGS = 100_000
SEATS_OF_A_SCREEN = 2000
USERS = 5_000

# What the services would have left, of the seats in bench_sold: accounts with enough in their wallets, one confirmed booking on every
# seat, its payment, and the movement of its money.
STEPS = [
    """INSERT INTO auth.account (email, username, password_hash)
       SELECT 'bench' || n || '@example.com', 'Bench', 'none' FROM generate_series(1, {users}) n""",
    """CREATE UNLOGGED TABLE bench_sold AS
       SELECT nextval('booking.booking_id') AS booking_id, nextval(pg_get_serial_sequence('payment.payment', 'id')) AS payment_id,
              u.id AS user_id, s.id AS schedule_id, s.screen_id, s.start_time, s.price, s.currency, n AS seat
       FROM (SELECT *, row_number() OVER (ORDER BY id) AS place FROM booking.schedule WHERE id IN ({ids})) s
       CROSS JOIN generate_series(1, {seats}) n
       JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM auth.account WHERE email LIKE 'bench%') u
         ON u.place = (s.place * {seats} + n) % {users}""",
    """INSERT INTO auth.ledger_transaction (reference, kind, user_id, debit_account, credit_account, amount, description)
       SELECT 'bench:' || user_id, 'CREDIT', user_id, 'external', 'wallet:' || user_id, sum(price), 'bench'
       FROM bench_sold GROUP BY user_id;
       INSERT INTO auth.ledger_transaction (reference, kind, user_id, debit_account, credit_account, amount, description)
       SELECT 'payment:' || payment_id || ':debit', 'DEBIT', user_id, 'wallet:' || user_id, 'clearing', price, 'bench'
       FROM bench_sold;
       INSERT INTO auth.wallet_entry (user_id, seq, transaction_id, delta, balance)
       SELECT 0, 1, id, 1, 0 FROM auth.ledger_transaction t
       WHERE NOT EXISTS (SELECT FROM auth.wallet_entry e WHERE e.transaction_id = t.id) ORDER BY id""",
    """INSERT INTO payment.payment (id, booking_id, user_id, amount, currency, method, description, correlation_id, lease_until,
                                    next_attempt_at, in_doubt_until)
       OVERRIDING SYSTEM VALUE
       SELECT payment_id, booking_id, user_id, price, currency, 'WALLET', 'bench', 'bench', 'infinity', 'infinity', now() FROM bench_sold""",
    """UPDATE payment.payment p SET step = 'CAPTURED', transaction_id = t.id
       FROM auth.ledger_transaction t WHERE t.reference = 'payment:' || p.id || ':debit' AND p.correlation_id = 'bench'""",
    "UPDATE payment.payment SET step = 'COMPLETED' WHERE correlation_id = 'bench'",
    """INSERT INTO booking.booking (id, user_id, schedule_id, screen_id, show_time, created_at, expires_at, total_amount, payment_id, state,
                                    seats, idempotency_key, correlation_id)
       SELECT booking_id, user_id, schedule_id, screen_id, start_time, now(), now() + interval '1 hour', price, payment_id, 'CONFIRMED',
              ARRAY[seat]::smallint[], 'bench-' || booking_id, 'bench'
       FROM bench_sold""",
    "INSERT INTO booking.booking_seat (booking_id, schedule_id, seat_no) SELECT booking_id, schedule_id, seat FROM bench_sold",
    "DROP TABLE bench_sold",
    "VACUUM ANALYZE",
]


def sell_out(stage, schedules):
    ids = ",".join(str(schedule) for schedule, _ in schedules)
    for step in STEPS:
        stage.platform.database.sql(step.format(users=USERS, seats=SEATS_OF_A_SCREEN, ids=ids))
    stage.settle()


def run(stage, options):
    show, schedules = stage.make_schedules(BOOKINGS // SEATS_OF_A_SCREEN, SEATS_OF_A_SCREEN)
    stage.touch(schedules)
    sell_out(stage, schedules)
    admin = stage.admin()
    assert admin.get(f"/shows/{show}/cancellation")["refunds_pending"] == BOOKINGS

    began = time.monotonic()
    admin.delete(f"/shows/{show}")
    closed_ms = (time.monotonic() - began) * 1000
    cancelled_s = None
    while True:
        seen = admin.get(f"/shows/{show}/cancellation")
        now = time.monotonic() - began
        if cancelled_s is None and seen["bookings_cancelled"] == BOOKINGS:
            cancelled_s = now
        if seen["state"] == "DONE":
            break
        assert now < 600, seen
        time.sleep(0.2)
    refunded_s = now
    assert seen["refunds_done"] == BOOKINGS
    stage.check()
    return [row("cancel 100,000 bookings: closed to sale", f"{closed_ms:.0f} ms", "<= 100 ms", closed_ms <= 100, ms=closed_ms),
            row("cancel 100,000 bookings: all states", f"{cancelled_s:.2f} s", "<= 5 s", cancelled_s <= 5, seconds=cancelled_s),
            row("cancel 100,000 bookings: all refunds", f"{refunded_s:.1f} s", "<= 60 s", refunded_s <= 60, seconds=refunded_s)]
