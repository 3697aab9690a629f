"""What must have happened in a run for its verdict to mean anything. Set low: a busy machine with two cores does several times as much."""

import dataclasses

from tests.chaos.faults import CALLS, KILL, KILL_AT_POINT, PAUSE, SERVER_FAULTS, SERVERS, WEBHOOKS

OK_SHARE = 0.5  # of the operations
# In three minutes; more in a longer run, in proportion.
IN_MINUTES = 3
OPERATIONS = 1500
BY_WALLET = 50  # bookings that were confirmed, whatever became of them
BY_CARD = 3
CASCADES = 1  # cancelled showings that took a paid booking with them
LOOKS = 1  # of `ticketshow check` while things go on
# Fault: its kinds, of which so many.
FAULTS = {
    "kills at a fault point": ((KILL_AT_POINT,), 2),
    "kills anywhere": ((KILL,), 5),
    "pauses of processes": ((PAUSE,), 2),
    "outages of servers": (tuple(f"{server}: {how}" for server in SERVERS for how in SERVER_FAULTS), 1),
    "faults of webhooks": (tuple(WEBHOOKS), 2),
    "faults of calls to the provider": (tuple(CALLS), 1),
}


@dataclasses.dataclass(frozen=True)
class Happened:
    """What there was in a run."""

    minutes: float
    operations: int
    ok: int
    by_wallet: int
    by_card: int
    cascades: int
    looks: int
    faults: dict  # kind → how often


def happened(evidence, minutes, totals, looks, faults):
    methods = {row["id"]: row["method"] for row in evidence.payments}
    paid = [row for row in evidence.bookings if row["payment_id"] is not None]
    ways = [methods.get(row["payment_id"]) for row in paid]
    cancelled = {row["id"] for row in evidence.showings if row["status"] == "CANCELLED"}
    return Happened(minutes, sum(totals.values()), totals["ok"], ways.count("WALLET"), ways.count("DODO"),
                    len({row["schedule_id"] for row in paid if row["state"] == "CANCELLED"} & cancelled), looks, dict(faults))


def too_little(run):
    """A sentence for each minimum that was not reached."""
    wanted = {"operations": (run.operations, OPERATIONS), "bookings confirmed by wallet": (run.by_wallet, BY_WALLET),
              "bookings confirmed by card": (run.by_card, BY_CARD), "cascades with a paid booking": (run.cascades, CASCADES),
              "looks of ticketshow check": (run.looks, LOOKS),
              **{name: (sum(run.faults.get(kind, 0) for kind in kinds), least) for name, (kinds, least) in FAULTS.items()}}
    for name, (count, least) in wanted.items():
        needed = int(least * run.minutes / IN_MINUTES)
        if count < needed:
            yield f"the run had {count} {name}, fewer than {needed}"
    if run.ok < OK_SHARE * run.operations:
        yield f"{run.ok} of {run.operations} operations were ok, less than {OK_SHARE:.0%}"
