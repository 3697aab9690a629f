"""Cancelling a show with 100,000 bookings: how soon nothing can be sold any more, how soon every booking is in its final state."""

import time

from bench.stage import row

BOOKINGS = 100_000
SEATS_OF_A_SCREEN = 2000


def fill(stage, schedules):
    """Puts one confirmed booking on every seat, as the service would have left it, with a payment for none: refunds are another
    figure."""
    ids = ",".join(str(schedule) for schedule, _ in schedules)
    stage.platform.database.sql(f"""
        WITH made AS (
          INSERT INTO booking.booking (id, user_id, schedule_id, screen_id, show_time, created_at, expires_at, total_amount, seats,
                                       idempotency_key, correlation_id)
          SELECT nextval('booking.booking_id'), {stage.user_ids[0]}, s.id, s.screen_id, s.start_time, now(),
                 now() + interval '1 hour', s.price, ARRAY[n]::smallint[], 'bench-' || s.id || '-' || n, 'bench'
          FROM booking.schedule s, generate_series(1, {SEATS_OF_A_SCREEN}) n WHERE s.id IN ({ids})
          RETURNING id, schedule_id, seats)
        INSERT INTO booking.booking_seat (booking_id, schedule_id, seat_no) SELECT id, schedule_id, seats[1] FROM made;
        ANALYZE booking.booking, booking.booking_seat""")


def run(stage, options):
    show, schedules = stage.make_schedules(BOOKINGS // SEATS_OF_A_SCREEN, SEATS_OF_A_SCREEN)
    stage.touch(schedules)
    fill(stage, schedules)
    admin = stage.admin()

    began = time.monotonic()
    admin.delete(f"/shows/{show}")
    closed_ms = (time.monotonic() - began) * 1000
    ids = ",".join(str(schedule) for schedule, _ in schedules)
    while stage.platform.database.sql(f"SELECT count(*) FROM booking.booking WHERE live AND schedule_id IN ({ids})")[0][0] != "0":
        time.sleep(0.05)
    finished_s = time.monotonic() - began
    return [row("cancel 100,000 bookings: closed to sale", f"{closed_ms:.0f} ms", "<= 100 ms", closed_ms <= 100, ms=closed_ms),
            row("cancel 100,000 bookings: all states", f"{finished_s:.2f} s", "<= 5 s", finished_s <= 5, seconds=finished_s)]
