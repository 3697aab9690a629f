"""The same as ten processes on real servers behind nginx (`./run stack`): holds, a mixed day, seat maps for few and for many connections,
and the memory of each process. Peers: pgbench on the same cluster, and nginx that serves the same bytes as a file."""

import requests

from bench import day, holds
from bench.footprint import resident_mb
from bench.reads import Nginx
from bench.stage import SETTINGS, Stage, compared, median, row
from bench.streams import allow_descriptors
from tests.stack.deployment import REPLICAS, Deployment

CONNECTIONS = (64, 1_000, 10_000)


class StackStage(Stage):
    """A database a service, on a cluster of its own with durable commits."""

    def make_platform(self):
        return Deployment(self.binary, self.directory / "stack", SETTINGS, sample_data=False)

    def database(self, service):
        return self.platform.database(service)


def seat_maps(stage, options, nginx, path):
    """Of one map, for each number of connections."""
    rows = []
    for count in CONNECTIONS:
        peer, mine = [], []
        for _ in range(options.rounds):
            for address, rates in ((nginx.url("seats.json"), peer), (stage.platform.url + path, mine)):
                figures = stage.wrk(None, [], options.seconds, url=address, connections=count)
                assert figures["failed"] == 0, f"{address}: {figures['failed']} failures"
                rates.append(figures["rate"])
        rows.append(compared(f"stack: seat map, {count:,} connections", median(mine), median(peer), "/s", 0))
    return rows


def memory(stage, when):
    """Of each service the process that has most."""
    rows = []
    for service in REPLICAS:
        most = max(resident_mb(each.pid) for each in stage.platform.replicas_of(service))
        rows.append(row(f"stack: resident {when}, {service}", f"{most:.0f} MB", "", True, mb=most))
    return rows


def run(outer, options):
    allow_descriptors(CONNECTIONS[-1] + 100)
    with StackStage(outer.root) as stage:
        rows = memory(stage, "idle")
        rows += [holds.measure(stage, options, "spread", "stack: holds, 64 connections, 2,000 schedules", 0),
                 holds.measure(stage, options, "hot", "stack: holds, 64 connections, one hot schedule", 0),
                 day.measure(stage, options, "stack: mixed day, 64 connections", 0)]
        _, [(schedule, _)] = stage.make_schedules(1, 120)
        path = f"/api/v1/bookings/schedule/{schedule}/seats"
        nginx = Nginx(stage.directory)
        try:
            (nginx.root / "seats.json").write_bytes(requests.get(stage.platform.url + path, timeout=10).content)
            rows += seat_maps(stage, options, nginx, path)
        finally:
            nginx.stop()
        rows += memory(stage, "after that")
        stage.check()
    return rows
