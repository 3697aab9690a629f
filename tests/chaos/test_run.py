"""The run itself: whatever fails, there is a verdict, and it is no good one."""

import io
import json
import subprocess
import threading
import types

import pytest

from tests.chaos import run as chaos
from tests.chaos.evidence import PostOffice
from tests.chaos.guard import guarded
from tests.chaos.history import History
from tests.chaos.standing import Watch, broken


class Part:
    """Of a run: what it was asked to do."""

    def __init__(self, log, failing):
        self.log, self.failing = log, failing

    def __call__(self, name):
        def part():
            self.log.append(name)
            if name == self.failing:
                raise RuntimeError(f"{name} went wrong")

        return part


def run_with(tmp_path, failing=None, judged=True):
    """A run whose parts do nothing; one of them fails."""
    made = object.__new__(chaos.Run)
    made.errors, made.found, made.judged, made.log = [], [], judged, []
    made.options = types.SimpleNamespace(directory=tmp_path, seed=1)
    made.history = History(io.StringIO())
    made.deployment = types.SimpleNamespace(processes={})
    made.watch = types.SimpleNamespace(found={})
    part = Part(made.log, failing)
    made.fail, made.heal, made.rest, made.judge = map(part, ("fail", "heal", "rest", "judge"))
    for each in ("fail", "heal", "rest", "judge"):
        getattr(made, each).__name__ = each
    made.faults = types.SimpleNamespace(end=part("end"), supervisor=types.SimpleNamespace(crashes=[]),
                                        journal=types.SimpleNamespace(counts=types.SimpleNamespace(items=dict, total=int), reached=set()))
    return made


def test_a_run_in_which_nothing_is_found_is_good(tmp_path):
    run = run_with(tmp_path)
    assert run.go() and run.log == ["fail", "heal", "rest", "judge", "end"]


@pytest.mark.parametrize("failing", ["fail", "heal", "rest", "judge", "end"])
def test_whatever_fails_the_rest_is_done_and_the_verdict_says_so(tmp_path, capsys, failing):
    run = run_with(tmp_path, failing)
    assert not run.go() and run.log == ["fail", "heal", "rest", "judge", "end"]
    assert f"{failing} went wrong" in (tmp_path / "violations.txt").read_text()
    assert "seed 1: 1 violations" in capsys.readouterr().out


@pytest.mark.parametrize("spoil", [
    lambda run: run.found.append("a violation"), lambda run: run.faults.supervisor.crashes.append("a crash"),
    lambda run: run.watch.found.update({"broken": None}), lambda run: setattr(run, "judged", False)])
def test_every_kind_of_finding_is_in_the_verdict(tmp_path, spoil):
    run = run_with(tmp_path)
    spoil(run)
    assert not run.go() and len((tmp_path / "violations.txt").read_text().splitlines()) == 1


def test_an_interrupted_run_has_a_verdict_too(tmp_path):
    run = run_with(tmp_path, judged=False)

    def interrupted():
        raise KeyboardInterrupt

    interrupted.__name__ = "heal"
    run.heal = interrupted
    with pytest.raises(KeyboardInterrupt):
        run.go()
    assert run.log == ["fail", "end"] and "not judged" in (tmp_path / "violations.txt").read_text()


@pytest.mark.parametrize("left, told", [
    ([[]], []),
    ([["hold 1"], []], ["not at rest without a restart after 9 s: hold 1"]),
    ([["hold 1"], ["hold 1"]], ["not at rest without a restart after 9 s: hold 1", "not at rest after a restart and 9 s: hold 1"])])
def test_what_does_not_rest_without_a_restart_is_a_violation(tmp_path, left, told):
    run = run_with(tmp_path)
    run.options.patience_s, run.began = 9, 0.0
    restarts = []
    run.faults.supervisor.restart_all = lambda: restarts.append(True)
    run.wait_for_rest = lambda: left[len(restarts)]
    chaos.Run.rest(run)
    assert run.found == told and len(restarts) == len(left) - 1


def test_who_ends_with_an_exception_is_an_error_of_the_run():
    errors = []

    def live():
        raise KeyError("id")

    thread = threading.Thread(target=guarded(errors, "user 7", live))
    thread.start()
    thread.join()
    [error] = errors
    assert "user 7 ended: KeyError('id')" in error and "test_run.py" in error


# ---- what is looked at on the way

def invariant(name, rows=(), count=None):
    count = len(rows) if count is None else count
    return {"invariant": name, "promise": "", "kept": not count, "looked_at": 1, "in_flight": 0, "broken": count, "rows": list(rows),
            "notes": []}


class Checked:
    """A deployment whose check gives these reports, one after another."""

    def __init__(self, *reports):
        self.reports = list(reports)

    def command(self, *_, **__):
        report = self.reports.pop(0)
        if isinstance(report, Exception):
            raise report
        return subprocess.CompletedProcess((), 0, json.dumps({"invariants": report}) if report else "", "the database is away")


def test_what_is_broken_on_the_way_is_kept_once_and_what_may_take_its_time_is_not_told():
    report = [invariant("I1", ["seat 1"]), invariant("I5", ["mail 1"]), invariant("I6", ["show 1"]), invariant("I9", ["key 1"], 3)]
    watch = Watch(Checked(report, report, []))
    watch.look()
    watch.look()
    assert list(watch.found) == ["I1 ticketshow check: seat 1", "I9 ticketshow check: key 1", "I9 ticketshow check: and 2 more"]


def test_the_index_is_told_when_it_has_had_its_time():
    report = [invariant("I6", ["show 1"])]
    watch = Watch(Checked(report, report))
    watch.look()
    assert not watch.found
    watch.look(index_has_had_its_time=True)
    assert list(watch.found) == ["I6 ticketshow check: show 1"]


def test_a_check_that_cannot_look_has_seen_nothing():
    watch = Watch(Checked(None, subprocess.TimeoutExpired("check", 120)))
    watch.look()
    watch.look()
    assert watch.looks == 0 and not watch.found


def test_all_that_is_broken_is_told_without_a_choice():
    assert broken({"invariants": [invariant("I1"), invariant("I5", ["mail 1"])]}) == ["I5 ticketshow check: mail 1"]


# ---- what must survive

def test_the_ids_of_mails_are_kept_in_a_file_when_they_are_seen(tmp_path):
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "1.eml").write_text("Message-ID: <booking-1@x>\n\nHello")
    with open(tmp_path / "mails.jsonl", "w", encoding="utf-8") as file:
        office = PostOffice(tmp_path / "mail", file)
        office.look()
        office.look()
        kept = [json.loads(line)["message_id"] for line in (tmp_path / "mails.jsonl").read_text().splitlines()]
    assert kept == ["<booking-1@x>"]
