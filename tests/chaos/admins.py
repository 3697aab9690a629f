"""Those who run the house: they put on small showings that everybody wants to see, rename, move and adorn them, and cancel: a showing, a
show with all its showings, a whole venue. Each cancellation takes bookings and money with it."""

import datetime
import threading
import time

from tests.chaos.caller import Caller
from tests.pictures import sample_png

SHOWINGS = 6  # that are on at a time
WAITS_S = 3  # on average, between two doings
CAPACITY = 30
MOVED_AT_ONCE = 0.5  # of the new showings: soon somebody has a seat, and no move is taken any more


class Showings:
    """What the admins have on sale now."""

    def __init__(self):
        self._all = {}  # id → what it is made of
        self._lock = threading.Lock()

    def any(self, random):
        with self._lock:
            return random.choice(sorted(self._all)) if self._all else None

    def made(self, number):
        with self._lock:
            return self._all.get(number)

    def add(self, number, made):
        with self._lock:
            self._all[number] = made

    def drop(self, **which):
        """Those of a show, of a venue, or one by its id."""
        with self._lock:
            for number, made in list(self._all.items()):
                if any({**made, "id": number}[name] == value for name, value in which.items()):
                    del self._all[number]

    def __len__(self):
        return len(self._all)


class Admin(Caller):
    def __init__(self, account, url, history, random, stopping, showings):
        super().__init__(url, *account, history, random, stopping)
        self.showings = showings
        self.doings = {self.cancel_showing: 5, self.cancel_show: 2, self.close_venue: 1, self.rename_show: 3, self.move_showing: 3,
                       self.show_poster: 3}

    def live(self):
        while not self.stopping.is_set():
            if len(self.showings) < SHOWINGS:
                self.put_on()
            else:
                self.random.choices(list(self.doings), list(self.doings.values()))[0]()
            self.wait(self.random.expovariate(1 / WAITS_S))

    def put_on(self):
        """A show at a venue of its own, with two showings."""
        tag = f"{self.random.getrandbits(40):x} {time.time_ns()}"
        show = self.send("new show", "POST", "/shows", json={"title": f"Chaos {tag}", "duration_minutes": 90, "price": 150, "description": "x"})
        venue = self.send("new venue", "POST", "/venues", json={"name": f"Chaos {tag}", "location": "1 Road", "city": "Testville",
                                                                "opening_time": "00:00", "closing_time": "00:00"})
        screen = venue and self.send("new screen", "POST", "/screens", json={"venue_id": venue["id"], "name": "One", "capacity": CAPACITY})
        for day in (20, 21):
            if show and screen:
                schedule = self.send("new showing", "POST", "/schedules", json={
                    "show_id": show["id"], "screen_id": screen["id"], "start_time": in_days(day)})
                if schedule:
                    if self.random.random() < MOVED_AT_ONCE:
                        self.move(schedule["id"])
                    self.showings.add(schedule["id"], {"show": show["id"], "venue": venue["id"]})

    def chosen(self):
        number = self.showings.any(self.random)
        return number, self.showings.made(number) if number else None

    def cancel_showing(self):
        number, made = self.chosen()
        if made:
            self.showings.drop(id=number)
            self.send("cancel showing", "DELETE", f"/schedules/{number}")

    def cancel_show(self):
        _, made = self.chosen()
        if made:
            self.showings.drop(show=made["show"])
            self.send("cancel show", "DELETE", f"/shows/{made['show']}")

    def close_venue(self):
        _, made = self.chosen()
        if made:
            self.showings.drop(venue=made["venue"])
            self.send("close venue", "DELETE", f"/venues/{made['venue']}")

    def rename_show(self):
        _, made = self.chosen()
        if made:
            self.send("rename show", "PATCH", f"/shows/{made['show']}", json={"title": f"Chaos {self.random.getrandbits(64):x}"})

    def move_showing(self):
        """Refused when anybody has a seat, which is the rule."""
        number, made = self.chosen()
        if made:
            self.move(number)

    def move(self, number):
        self.send("move showing", "PATCH", f"/schedules/{number}", json={"start_time": in_days(self.random.randrange(22, 60))})

    def show_poster(self):
        _, made = self.chosen()
        if made:
            picture = sample_png(64, seed=self.random.getrandbits(32))
            self.send("new poster", "POST", f"/shows/{made['show']}/poster", files={"poster": ("poster.png", picture, "image/png")})


def in_days(days):
    day = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)
    return day.replace(minute=0, second=0, microsecond=0).isoformat()
