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

from tests.chaos.guard import guarded
from tests.fault_points import fault_points
from tests.stack.server import wait_until

# The services whose processes a lane has to itself.
LANES = {"money": ("booking", "payment"), "others": ("gateway", "auth", "catalog", "search", "notification")}
# Which of the points in src/events a service comes to: those who publish, and those who consume.
EVENTS = {"catalog": ("outbox",), "booking": ("outbox", "consumer"), "payment": ("outbox", "consumer"), "search": ("consumer",),
          "notification": ("consumer",)}

# Names in Deployment.servers, each in turn.
SERVERS = ("postgres", "kafka", "mailbox", "s3", "opensearch")

POINT_WITHIN_S = 30  # a process that has not come to its point by then may be killed before
START_FAILED = 1  # the exit status, with these words in the log: what it stands on was away
END_WITH_WORDS = "module failed to start"
SERVE_WITHIN_S = 180  # all processes, once what they stand on serves
LOG_LINES = 20  # of a process that crashed
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
        self.reached = set()  # fault points
        self._file = file
        self._lock = threading.Lock()

    def note(self, kind, whom, **more):
        with self._lock:
            if kind is not None:
                self.counts[kind] += 1
            if kind == KILL_AT_POINT:
                self.reached.add(more["point"])
            self._file.write(json.dumps({"at": time.time(), "fault": kind, "of": whom, **more}) + "\n")
            self._file.flush()


class Supervisor:
    """Starts each process that has ended, as the supervisor of a real deployment does, and accounts for every end: a process may end
    by our SIGKILL, by the SIGKILL of the fault point it was given, and with 1 when what it stands on was away at its start. Any other
    end is a crash."""

    def __init__(self, deployment, journal, errors):
        self._thread = threading.Thread(target=guarded(errors, "the supervisor", self._keep_up), daemon=True)
        self.deployment = deployment
        self.journal = journal
        self.over = threading.Event()
        self.starts = 0
        self.lock = threading.Lock()  # one at a time ends or starts processes
        self.armed = {}  # process → its point, and since when
        self.accounted = {}  # process → how often it was launched when its end was last accounted for
        self.crashes = []  # a sentence each, with the end of the log

    def start(self):
        self._thread.start()

    def _keep_up(self):
        while not self.over.wait(1):
            self.look()

    def look(self):
        with self.lock:
            for process in self.deployment.processes.values():
                if not process.running():
                    self._account_for(process)
                    process.start_unready()
                    self.starts += 1

    def kill(self, process):
        with self.lock:
            self._kill(process)

    def arm(self, process, point):
        """It is killed to give it the point, and once more by itself when it comes there."""
        with self.lock:
            self._kill(process)
            self.armed[process.name] = (point, time.monotonic())
            process.start_unready(FAULT_POINT=point)

    def disarm(self):
        """Ends those that still have a point, as an operator would. They are started again without."""
        with self.lock:
            for process in self.deployment.processes.values():
                if process.name in self.armed:
                    self._stop(process)

    def restart_all(self):
        with self.lock:
            for process in self.deployment.processes.values():
                self._stop(process)
        self.look()

    def stop_all(self):
        """The deployment is stopped, and each end accounted for."""
        self.over.set()
        if self._thread.ident:
            self._thread.join()
        with self.lock:
            processes = self.deployment.processes.values()
            for process in processes:
                if not process.running():
                    self._account_for(process)
            self.deployment.stop()
            for process in processes:
                self._account_for(process, allowed=(0,))

    def has_time(self, process):
        """Whether it may still come to its point."""
        return process.name in self.armed and time.monotonic() - self.armed[process.name][1] < POINT_WITHIN_S

    def _kill(self, process):
        if not process.running():  # it was faster
            self._account_for(process)
            return
        self.armed.pop(process.name, None)
        process.kill()
        self._account_for(process, allowed=(-signal.SIGKILL,))

    def _stop(self, process):
        if process.running():
            process.stop()
            self._account_for(process, allowed=(0,))

    def _account_for(self, process, allowed=()):
        """Once for each life; `allowed` is how it may have ended because of what we did."""
        status = process.exit_status()
        if status is None or self.accounted.get(process.name) == process.launches:
            return
        self.accounted[process.name] = process.launches
        said = process.said()
        point, _ = self.armed.pop(process.name, (None, None))
        if process.forced and -signal.SIGKILL not in allowed:
            self._crash(process, f"did not end within {process.stop_within_s} s of SIGTERM", said)
        elif status in allowed or (status == START_FAILED and END_WITH_WORDS in said):
            return
        elif status == -signal.SIGKILL and point is not None:
            self.journal.note(KILL_AT_POINT, process.name, point=point)
        else:
            self._crash(process, f"ended with {described(status)}", said)

    def _crash(self, process, how, said):
        self.journal.note("crash", process.name, how=how)
        tail = "".join(f"\n    {line}" for line in said.splitlines()[-LOG_LINES:])
        self.crashes.append(f"{process.name} {how}; the end of {process.log}:{tail}")


def described(status):
    """An exit status as people say it."""
    try:
        return signal.Signals(-status).name
    except (TypeError, ValueError):
        return f"exit status {status}"


class Faults:
    """The lanes. `stop()` ends them where they are; `heal()` undoes all that they may have done; the supervisor goes on until `end()`."""

    def __init__(self, deployment, switches, post_office, random_of, file, errors):
        self.deployment = deployment
        self.switches = switches
        self.post_office = post_office
        self.journal = Journal(file)
        self.over = threading.Event()
        self.supervisor = Supervisor(deployment, self.journal, errors)
        self.search_started_in_s = 0.0  # how long OpenSearch took to serve, the last time that it had been away
        lanes = {**{name: functools.partial(self._processes, services) for name, services in LANES.items()},
                 "servers": self._servers, "provider": self._provider}
        self._lanes = [threading.Thread(target=guarded(errors, f"the lane of {name}", lane, random_of(name)), daemon=True)
                       for name, lane in lanes.items()]

    def start(self):
        self.supervisor.start()
        for lane in self._lanes:
            lane.start()

    def stop(self):
        self.over.set()
        for lane in self._lanes:
            if lane.ident:
                lane.join()

    def heal(self):
        """What is down is started, what is paused goes on, whoever has a fault point starts again without, and the provider is as it
        was. What runs is left alone: what it cannot get out of by itself is to be seen."""
        for name in self.deployment.servers:
            self._start_server(name)
        for process in self.deployment.processes.values():
            process.resume()
        self.supervisor.disarm()
        self.supervisor.look()
        self.deployment.front.start()
        self.switches.call("POST", "webhooks/release", order="kept")
        self.switches.quiet()
        for payment in self.switches.books()["payments"]:
            if payment["status"] == "processing":
                self.switches.call("POST", f"payments/{payment['payment_id']}/settle", status="succeeded")
        if not wait_until(lambda: not self._silent(), SERVE_WITHIN_S):
            raise RuntimeError(f"{', '.join(self._silent())} did not serve within {SERVE_WITHIN_S} s of the healing")

    def end(self):
        """Everything is stopped."""
        self.stop()
        self.supervisor.stop_all()

    def _silent(self):
        return [name for name, process in self.deployment.processes.items() if not process.answers()]

    def _start_server(self, name):
        server = self.deployment.servers[name]
        server.resume()
        away = not server.running()
        if name == "mailbox" and away:
            self.post_office.empty()
        began = time.monotonic()
        server.start()
        if name == "opensearch" and away:
            self.search_started_in_s = time.monotonic() - began

    # ---- the lanes

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
