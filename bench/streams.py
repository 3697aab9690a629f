"""Live seat maps: what 10,000 open ones cost in memory, and how long after a hold is asked for it is on every screen."""

import concurrent.futures
import multiprocessing
import re
import resource
import selectors
import socket
import time
import urllib.parse

from bench.footprint import resident_mb
from bench.stage import median, row
from tests.harness import Client

STREAMS = 10_000
SHOWINGS = 300
SEATS = 120
HOLDS_A_SECOND = 100

HELD = re.compile(rb'"held":\[([0-9,]+)\]')


def allow_descriptors(count):
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert most == resource.RLIM_INFINITY or most >= count, f"this machine allows {most} open files a process; {count} are needed"
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def open_stream(address, schedule):
    line = socket.create_connection(address, timeout=30)
    line.sendall(f"GET /api/v1/bookings/schedule/{schedule}/seats/stream HTTP/1.1\r\nHost: {address[0]}\r\n"
                 "Accept: text/event-stream\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n"
                 "Accept-Language: en-US,en;q=0.5\r\nAccept-Encoding: gzip, deflate, br\r\n\r\n".encode())
    received = b""
    while b"event: snapshot" not in received or not received.endswith(b"\n\n"):
        more = line.recv(65536)
        assert more, f"the stream ended: {received!r}"
        received += more
    assert received.startswith(b"HTTP/1.1 200"), received
    line.setblocking(False)
    return line


def watch(address, schedules, told):
    """A process that looks at all maps: says when they are open, and at the end which seat was held when, by the clock that all
    processes share, on each screen."""
    allow_descriptors(STREAMS + 100)
    lines = [open_stream(address, schedules[number % len(schedules)]) for number in range(STREAMS)]
    told.send("open")
    arrivals = []
    with selectors.DefaultSelector() as ready:
        for line in lines:
            ready.register(line, selectors.EVENT_READ)
        ready.register(told, selectors.EVENT_READ)
        while True:
            for key, _ in ready.select():
                if key.fileobj is told:
                    told.recv()
                    told.send(arrivals)
                    return
                received = key.fileobj.recv(65536)
                assert received, "a stream ended"
                now = time.monotonic()
                for found in HELD.finditer(received):
                    arrivals += [(int(seat), now) for seat in found[1].split(b",")]


def hold_evenly(stage, schedules, seconds):
    """Holds one seat after another, in one showing after another; returns when each was asked for, and the rate that was kept."""
    clients = []
    for token in stage.tokens:
        clients.append(Client(stage.platform.url))
        clients[-1].token = token
    began = time.monotonic()

    def hold(number):
        time.sleep(max(0.0, began + number / HOLDS_A_SECOND - time.monotonic()))
        schedule, screen = schedules[number % len(schedules)]
        seat = screen * 10_000 + number // len(schedules) + 1
        asked = time.monotonic()
        clients[number % len(clients)].hold(schedule, [seat])
        return seat, asked

    count = seconds * HOLDS_A_SECOND
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        asked = dict(pool.map(hold, range(count)))
    return asked, count / (time.monotonic() - began)


def run(stage, options):
    seconds = options.seconds * options.rounds
    stage.platform.restart(HTTP_MAX_STREAMS=str(STREAMS), HTTP_MAX_STREAMS_PER_ADDRESS=str(STREAMS))
    _, schedules = stage.make_schedules(SHOWINGS, SEATS)
    stage.touch(schedules)
    stage.settle()
    before = resident_mb(stage.platform.process.child.pid)
    parts = urllib.parse.urlsplit(stage.platform.url)
    mine, theirs = multiprocessing.Pipe()
    watcher = multiprocessing.Process(target=watch, args=((parts.hostname, parts.port), [id for id, _ in schedules], theirs), daemon=True)
    watcher.start()
    theirs.close()
    assert mine.recv() == "open"
    kib = (resident_mb(stage.platform.process.child.pid) - before) * 1024 / STREAMS
    asked, rate = hold_evenly(stage, schedules, seconds)
    time.sleep(2)  # whatever is slower than that is missing below
    mine.send("enough")
    arrivals = mine.recv()
    watcher.join(timeout=30)
    stage.platform.restart()
    readers = {schedule: sum(1 for number in range(STREAMS) if number % SHOWINGS == place) for place, (schedule, _) in enumerate(schedules)}
    expected = sum(readers[schedules[number % SHOWINGS][0]] for number in range(len(asked)))
    assert len(arrivals) == expected, f"{len(arrivals)} changes came to screens, not {expected}"
    took = sorted((arrived - asked[seat]) * 1000 for seat, arrived in arrivals)
    p99 = took[len(took) * 99 // 100]
    return [row(f"{STREAMS:,} live seat maps, memory of each", f"{kib:.1f} KiB", "<= 8 KiB", kib <= 8, kib=kib),
            row(f"hold to {len(arrivals) // len(asked)} screens, {rate:.0f} holds/s in {SHOWINGS} showings",
                f"p99 {p99:.0f} ms (median {median(took):.0f} ms)", "<= 250 ms", p99 <= 250, p99_ms=p99, median_ms=median(took), rate=rate)]
