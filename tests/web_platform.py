"""A platform with cards, mail and posters for the web app's flows, driven by lines of JSON.

`python3 -m tests.web_platform DIRECTORY [--posters]` says {"url": …, "accounts": …} when it is ready. Then each line on its standard input names
what to do and with what, {"do": "user", "wallet": 1000}; each is answered by one line, the outcome or {"error": …}. It ends with
its input."""

import datetime
import json
import os
import pathlib
import secrets
import sys

from tests.card_sandbox import CardPlatform
from tests.e2e.test_defects import make_showing
from tests.harness import mailbox, mails_to

ROOT = pathlib.Path(__file__).resolve().parents[1]


class Doings:
    """What a flow asks for beside what it does in the browser."""

    def __init__(self, shop):
        self.shop = shop

    def user(self, wallet=None):
        """A new account."""
        account = self.shop.platform.user(wallet).account
        return {"id": account["id"], "email": account["email"], "password": "correct horse"}

    def showing(self, minutes=20 * 24 * 60, capacity=40):
        """A show, venue, screen and showing of its own, that begins in so many minutes."""
        admin = self.shop.platform.admin()
        made = make_showing(admin, capacity=capacity)
        start = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)
        admin.patch(f"/schedules/{made['schedule']['id']}", start_time=start.replace(microsecond=0).isoformat())
        return {"show": made["show"]["id"], "title": made["show"]["title"], "venue": made["venue"]["id"],
                "schedule": made["schedule"]["id"], "seats": made["seats"]}

    def hold(self, email, schedule, seats):
        """Somebody holds seats, elsewhere."""
        return {"id": self.shop.platform.client().login(email, "correct horse").hold_when_on_sale(schedule, seats)["id"]}

    def give_back(self, email, booking):
        """Somebody gives held seats back, elsewhere."""
        self.shop.platform.client().login(email, "correct horse").delete(f"/bookings/{booking}")
        return {}

    def tickets(self, email, schedule, seats):
        """Somebody buys seats from the wallet, elsewhere: the booking and the codes of its tickets."""
        user = self.shop.platform.client().login(email, "correct horse")
        booking = user.hold_when_on_sale(schedule, seats)
        user.pay(booking["id"])
        tickets = user.get(f"/bookings/{booking['id']}")["tickets"]
        return {"booking": booking["id"], "codes": [ticket["code"] for ticket in tickets]}

    def staff(self, venue):
        """An account that keeps the doors of a venue."""
        email = f"door{venue}.{secrets.token_hex(4)}@example.com"
        self.shop.platform.admin().post("/auth/staff", 201, email=email, password="correct horse", username="Door",
                                        venue_id=venue)
        return {"email": email, "password": "correct horse"}

    def end_hold(self, booking):
        """The hold's time passes."""
        self.shop.end_hold({"id": int(booking)})
        return {}

    def turn(self, **switches):
        """Switches of the card sandbox."""
        self.shop.cards.turn(**switches)
        return {}

    def mails(self, to):
        """The mails to an address, oldest first."""
        return [{"subject": mail["subject"], "text": mail["text"]} for mail in mails_to(to)]

    def check(self):
        """`ticketshow check`: an error when an invariant is broken."""
        self.shop.platform.check()
        return {}


def main():
    directory = pathlib.Path(sys.argv[1])
    directory.mkdir(parents=True, exist_ok=True)
    settings = {**mailbox(), "WEB_ROOT": str(ROOT / "web/dist")}
    with CardPlatform(os.environ["TICKETSHOW_BINARY"], directory, settings, posters="--posters" in sys.argv) as shop:
        doings = Doings(shop)

        def say(what):
            print(json.dumps(what), flush=True)

        # People come by name: the cookies of 127.0.0.1 are not those of localhost, to which the card page sends back.
        say({"url": f"http://localhost:{shop.platform.port}", "accounts": shop.platform.accounts})
        for line in sys.stdin:
            asked = json.loads(line)
            try:
                say(getattr(doings, asked.pop("do"))(**asked))
            except Exception as error:  # pylint: disable=broad-except  # whoever asked is told
                say({"error": f"{type(error).__name__}: {error}"})


if __name__ == "__main__":
    main()
