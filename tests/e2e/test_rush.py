"""Sixty-four people fight for one screen until it is sold out."""

import random
import secrets
import threading

from tests.harness import Client
from tests.e2e.test_defects import make_showing

CLIENTS = 64


def test_sixty_four_clients_sell_out_one_screen_without_selling_a_seat_twice(platform):
    made = make_showing(platform.admin(), capacity=300)
    schedule_id, seats = made["schedule"]["id"], made["seats"]
    seed = secrets.randbits(32)
    print(f"seed {seed}")
    users = [platform.user(wallet=100_000) for _ in range(CLIENTS)]
    confirmed, failures, lock = {}, [], threading.Lock()

    def fight(user, dice):
        client = Client(platform.url)
        client.token = user.token
        wanted = list(seats)
        dice.shuffle(wanted)
        owned = 0
        while wanted and owned < 20:
            pick, wanted = wanted[:dice.randint(1, 3)], wanted[3:]
            answer = client.raw("POST", "/bookings", json={"schedule_id": schedule_id, "seat_ids": pick,
                                                           "idempotency_key": secrets.token_hex(8)})
            body = answer.json()
            if answer.status_code == 201:
                paid = client.raw("POST", "/payments", json={"booking_id": body["id"], "payment_method": "WALLET"})
                if paid.status_code != 201 or paid.json()["status"] != "COMPLETED":
                    failures.append(paid.text)
                owned += len(pick)
                with lock:
                    for seat in pick:
                        confirmed.setdefault(seat, []).append(user.account["id"])
            elif answer.status_code == 409 and body["code"] == "SEATS_TAKEN":
                gone = set(body["seat_ids"])
                if not gone or not gone <= set(pick):
                    failures.append(answer.text)
                wanted += [seat for seat in pick if seat not in gone]
            elif not (answer.status_code == 409 and body["code"] == "TOO_MANY_HOLDS"):
                failures.append(answer.text)

    threads = [threading.Thread(target=fight, args=(user, random.Random(seed + index))) for index, user in enumerate(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not failures, failures[:3]
    assert {seat: owners for seat, owners in confirmed.items() if len(owners) > 1} == {}, f"seed {seed}"
    seat_map = users[0].get(f"/bookings/schedule/{schedule_id}/seats")
    assert sum(seat["is_booked"] for seat in seat_map) == len(confirmed) == len(seats), f"seed {seed}"
    platform.check()
