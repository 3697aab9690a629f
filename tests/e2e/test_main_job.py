"""The main job on the real binary: from registration to a confirmed booking and a refund."""


def test_a_newcomer_books_real_seats_and_gets_the_money_back(platform):
    user = platform.user(wallet="5000.00")
    assert user.get("/auth/me")["wallet_balance"] == "5000.00"

    shows = user.get("/shows")
    assert len(shows) >= 12
    schedule, free = platform.open_schedule(user, minimum_seats=4)
    seats = free[:2]

    booking = user.hold(schedule["id"], seats)
    assert booking["status"] == "PENDING"
    assert booking["seat_ids"] == sorted(seats)
    assert [set(label) for label in booking["seat_labels"]] == [{"seat_number", "row_number"}] * 2
    seat_map = {seat["id"]: seat for seat in user.get(f"/bookings/schedule/{schedule['id']}/seats")}
    assert all(seat_map[seat]["is_locked"] and not seat_map[seat]["is_available"] for seat in seats)

    payment = user.pay(booking["id"], amount=float(booking["total_amount"]))
    assert payment["status"] == "COMPLETED"
    assert payment["amount"] == booking["total_amount"]
    assert user.get(f"/bookings/{booking['id']}")["status"] == "CONFIRMED"
    seat_map = {seat["id"]: seat for seat in user.get(f"/bookings/schedule/{schedule['id']}/seats")}
    assert all(seat_map[seat]["is_booked"] for seat in seats)

    cancelled = user.delete(f"/bookings/{booking['id']}")
    assert cancelled["status"] == "CANCELLED"
    seat_map = {seat["id"]: seat for seat in user.get(f"/bookings/schedule/{schedule['id']}/seats")}
    assert all(seat_map[seat]["is_available"] for seat in seats)
    user.wait_for(f"/payments/{payment['id']}", lambda seen: seen["status"] == "REFUNDED")

    wallet = user.get("/auth/wallet")
    assert wallet["current_amount"] == "5000.00"
    assert [each["transaction_type"] for each in wallet["transactions"]] == ["REFUND", "DEBIT", "CREDIT"]
    platform.check()
