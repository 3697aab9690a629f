"""What goes wrong, and when: it all follows from the seed. Lanes go on at the same time, each with one fault after another: two for the
platform's processes, one for the servers they stand on, one for the card provider."""

import collections
import contextlib
import functools
import json
import signal
import threading
import time

import requests

from tests.fault_points import fault_points

# The services whose processes a lane has to itself.
LANES = {"money": ("booking", "payment"), "others": ("gateway", "auth", "catalog", "search", "notification")}
# Which of the points in src/events a service comes to: those who publish, and those who consume.
EVENTS = {"catalog": ("outbox",), "booking": ("outbox", "consumer"), "payment": ("outbox", "consumer"), "search": ("consumer",),
          "notification": ("consumer",)}

# Names in Deployment.servers, each in turn.
SERVERS = ("postgres", "kafka", "mailbox", "s3", "opensearch")

POINT_WITHIN_S = 30  # a process that has not come to its point by then may be killed before
END_WITH_WORDS = b"module failed to start"  # what it stands on was away: that was no fault point
KILL_AT_POINT, KILL, PAUSE = "kill -9 at a point", "kill -9", "SIGSTOP"
PROCESS_FAULTS = {KILL_AT_POINT: 5, KILL: 2, PAUSE: 3}  # weights
SERVER_FAULTS = ("stop", "kill", "pause")

# Of the provider's webhooks: the switches, and in which order held ones are let go afterwards.
WEBHOOKS = {
    "webhooks twice": ({"copies": 3}, None),
    "webhooks late": ({"delay_ms": 3000}, None),
    "webhooks reordered": ({"hold": True}, "reversed"),
    "webhooks lost": ({"drop": True}, None),
    "webhooks forged": ({"corrupt": "signature"}, None),
}
# Of the provider's API, for the next calls of a path.
CALLS = {
    "answers of refunds lost": {"path": "/refunds", "cut": "after"},
    "calls for refunds lost": {"path": "/refunds", "cut": "before"},
    "answers of pages lost": {"path": "/checkouts", "method": "POST", "cut": "after", "times": 2},
    "errors of payments": {"path": "/payments/*", "status": 503, "times": 5},
    "slow payments": {"path": "/payments/*", "answer_delay_ms": 4000, "times": 3},
}


def points_of(service):
    named = fault_points()
    return named.get(service, []) + [point for point in named["events"] if point.startswith(EVENTS.get(service, ()))]


class Journal:
    """What was done to whom, and when it was over."""

    def __init__(self, file):
        self.counts = collections.Counter()
        self._file = file
        self._lock = threading.Lock()

    def note(self, kind, whom, **more):
        with self._lock:
            if kind is not None:
                self.counts[kind] += 1
            self._file.write(json.dumps({"at": time.time(), "fault": kind, "of": whom, **more}) + "\n")
            self._file.flush()


class Supervisor(threading.Thread):
    """Starts each process that has ended, as the supervisor of a real deployment does; a process that was given a fault point and ended
    by itself came to it."""

    def __init__(self, deployment, journal):
        super().__init__(name="supervisor", daemon=True)
        self.deployment = deployment
        self.journal = journal
        self.over = threading.Event()
        self.starts = 0
        self.lock = threading.Lock()  # one at a time ends or starts processes
        self.armed = {}  # process → its point, since when, and where its log ended then

    def run(self):
        while not self.over.wait(1):
            with self.lock:
                for process in self.deployment.processes.values():
                    if not process.running():
                        self._note_point(process)
                        process.start_unready()
                        self.starts += 1

    def kill(self, process):
        with self.lock:
            self._note_point(process)
            process.kill()

    def arm(self, process, point):
        """It is killed to give it the point, and once more by itself when it comes there."""
        with self.lock:
            self._note_point(process)
            process.kill()
            self.armed[process.name] = (point, time.monotonic(), process.log.stat().st_size)
            process.start_unready(FAULT_POINT=point)

    def has_time(self, process):
        """Whether it may still come to its point."""
        return process.name in self.armed and time.monotonic() - self.armed[process.name][1] < POINT_WITHIN_S

    def _note_point(self, process):
        point, _, log_before = self.armed.pop(process.name, (None, 0, 0))
        if point is None or process.running():
            return
        with process.log.open("rb") as log:
            log.seek(log_before)
            if END_WITH_WORDS not in log.read():
                self.journal.note(KILL_AT_POINT, process.name, point=point)


class Faults:
    """The lanes. `stop()` ends them where they are; `heal()` undoes all that they may have done."""

    def __init__(self, deployment, switches, post_office, random_of, file):
        self.deployment = deployment
        self.switches = switches
        self.post_office = post_office
        self.journal = Journal(file)
        self.over = threading.Event()
        self.errors = []
        self.supervisor = Supervisor(deployment, self.journal)
        lanes = {**{name: functools.partial(self._processes, services) for name, services in LANES.items()},
                 "servers": self._servers, "provider": self._provider}
        self._lanes = [threading.Thread(target=self._lane, args=(name, lane, random_of(name)), daemon=True) for name, lane in lanes.items()]

    def start(self):
        self.supervisor.start()
        for lane in self._lanes:
            lane.start()

    def stop(self):
        self.over.set()
        for lane in self._lanes:
            lane.join()
        self.supervisor.over.set()
        self.supervisor.join()

    def heal(self):
        """Everything runs again, without a fault point, and the provider is as it was."""
        for name in self.deployment.servers:
            self._start_server(name)
        for process in self.deployment.processes.values():
            process.resume()
            process.stop()
        self.deployment.start_processes()
        self.deployment.front.start()
        self.switches.call("POST", "webhooks/release", order="kept")
        self.switches.quiet()
        for payment in self.switches.books()["payments"]:
            if payment["status"] == "processing":
                self.switches.call("POST", f"payments/{payment['payment_id']}/settle", status="succeeded")

    def _start_server(self, name):
        server = self.deployment.servers[name]
        server.resume()
        if name == "mailbox" and not server.running():
            self.post_office.empty()
        server.start()

    # ---- the lanes

    def _lane(self, name, lane, random):
        try:
            lane(random)
        except Exception as error:  # a lane that ends early would be a run with fewer faults than it says
            self.errors.append(f"the lane of {name} ended: {error!r}")

    def _wait(self, seconds):
        return self.over.wait(seconds)

    def _processes(self, services, random):
        processes = [each for each in self.deployment.processes.values() if each.service in services]
        while not self._wait(random.uniform(1, 5)):
            process = random.choice(processes)
            kind = random.choices(list(PROCESS_FAULTS), list(PROCESS_FAULTS.values()))[0]
            point = random.choice(points_of(process.service) or [None])
            if kind == PAUSE:
                self.journal.note(kind, process.name)
                process.pause()
                self._wait(random.uniform(1, 12))
                process.resume()
            elif self.supervisor.has_time(process):
                continue
            elif kind == KILL_AT_POINT and point:
                self.journal.note(KILL, process.name, to_give_it=point)
                self.supervisor.arm(process, point)
            else:
                self.journal.note(KILL, process.name)
                self.supervisor.kill(process)

    def _servers(self, random):
        while True:
            for name in random.sample(SERVERS, len(SERVERS)):
                if self._wait(random.uniform(3, 10)):
                    return
                server = self.deployment.servers[name]
                how = random.choice(SERVER_FAULTS)
                self.journal.note(f"{name}: {how}", name)
                {"stop": server.stop, "kill": lambda: server.stop(signal.SIGKILL), "pause": server.pause}[how]()
                self._wait(random.uniform(3, 10))
                self._start_server(name)
                self.journal.note(None, name, again=True)

    def _provider(self, random):
        while not self._wait(random.uniform(2, 6)):
            with contextlib.suppress(requests.RequestException):
                if random.random() < 0.4:
                    kind = random.choice(list(CALLS))
                    self.journal.note(kind, "sandbox")
                    self.switches.fault(**CALLS[kind])
                    continue
                kind = random.choice(list(WEBHOOKS))
                webhooks, order = WEBHOOKS[kind]
                self.journal.note(kind, "sandbox")
                self.switches.turn(webhooks=webhooks)
                self._wait(random.uniform(3, 12))
                if order:
                    self.switches.call("POST", "webhooks/release", order=order)
                self.switches.quiet()
