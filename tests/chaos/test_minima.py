"""A run in which little happened is no good run."""

import dataclasses

import pytest

from tests.chaos.faults import CALLS, KILL, KILL_AT_POINT, PAUSE, WEBHOOKS
from tests.chaos.minima import Happened, happened, too_little
from tests.chaos.test_checker import good

FAULTS = {KILL_AT_POINT: 2, KILL: 5, PAUSE: 2, "kafka: stop": 1, next(iter(WEBHOOKS)): 2, next(iter(CALLS)): 1}
ENOUGH = Happened(minutes=3, operations=1500, ok=750, by_wallet=50, by_card=3, cascades=1, looks=1, faults=FAULTS)


def test_enough_is_enough():
    assert list(too_little(ENOUGH)) == []


@pytest.mark.parametrize("less, told", [
    ({"operations": 1400}, "1400 operations"), ({"ok": 749}, "749 of 1500"), ({"by_wallet": 49}, "49 bookings confirmed by wallet"),
    ({"by_card": 2}, "2 bookings confirmed by card"), ({"cascades": 0}, "0 cascades"), ({"looks": 0}, "0 looks"),
    *(({"faults": {name: count for name, count in FAULTS.items() if name != kind}}, "the run had 0 ") for kind in FAULTS)])
def test_too_little_of_anything_is_told(less, told):
    [found] = too_little(dataclasses.replace(ENOUGH, **less))
    assert told in found


def test_a_longer_run_needs_more_and_a_shorter_one_less():
    assert "fewer than 6000" in " ".join(too_little(dataclasses.replace(ENOUGH, minutes=12)))
    assert list(too_little(dataclasses.replace(ENOUGH, minutes=2, operations=1000, cascades=0))) == []


def test_an_empty_run_is_not_passed():
    empty = Happened(3, 0, 0, 0, 0, 0, 0, {})
    assert len(list(too_little(empty))) == 11


def test_what_happened_is_counted_from_the_rows():
    run = happened(good(), 3, {**dict.fromkeys(("refused", "unknown"), 0), "ok": 9}, 2, FAULTS)
    assert (run.operations, run.ok, run.by_wallet, run.by_card, run.cascades) == (9, 9, 2, 2, 1)
