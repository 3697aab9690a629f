"""The supervisor itself: it starts again what ended, and tells a crash from the ends that the run brings about."""

import io
import pathlib
import random
import types

import pytest

from tests.chaos.faults import KILL_AT_POINT, Faults, Journal, Supervisor
from tests.stack.server import Server, wait_until

LIVES = "echo lives; while :; do sleep 0.05; done"
IGNORES_SIGTERM = f"trap '' TERM; {LIVES}"


class Script(Server):
    """A process that is a line of shell: its first life, and all that follow."""

    stop_within_s = 1
    service = "booking"

    def __init__(self, directory, first, then=LIVES):
        super().__init__(directory)
        self.name = "script-1"
        self.line, self.then = first, then

    def command(self):
        line, self.line = self.line, self.then
        return ["bash", "-c", line]

    def start_unready(self, **_):
        self.launch()

    def healthy(self):
        return bool(self.running())


class Scripts:
    """A deployment of one."""

    servers = {}
    front = types.SimpleNamespace(start=lambda: None)

    def __init__(self, script):
        self.processes = {script.name: script}

    def stop(self):
        for each in self.processes.values():
            each.stop()


@pytest.fixture(name="supervised")
def fixture_supervised(tmp_path):
    begun = []

    def begin(first, then=LIVES):
        script = Script(tmp_path, first, then)
        begun.append(script)
        script.launch()
        return script, Supervisor(Scripts(script), Journal(io.StringIO()), [])

    yield begin
    for script in begun:
        script.kill()


def ended(script):
    assert wait_until(lambda: not script.running(), 5)


def said_something(script):
    assert wait_until(lambda: "lives" in script.said(), 5)


@pytest.mark.parametrize("line, how", [
    ("echo the last words; kill -ABRT $$", "SIGABRT"), ("echo the last words; kill -SEGV $$", "SIGSEGV"),
    ("echo the last words; kill -KILL $$", "SIGKILL"), ("echo the last words; exit 1", "exit status 1"),
    ("echo the last words", "exit status 0"), ("echo the last words: module failed to start; exit 2", "exit status 2")])
def test_a_crash_is_told_once_with_its_last_words_and_the_process_started_again(supervised, line, how):
    script, supervisor = supervised(line)
    ended(script)
    supervisor.look()
    supervisor.look()
    assert script.running() and supervisor.starts == 1
    [crash] = supervisor.crashes
    assert how in crash and "the last words" in crash
    assert supervisor.journal.counts["crash"] == 1


def test_it_looks_by_itself_until_all_is_stopped(supervised):
    script, supervisor = supervised("kill -ABRT $$", then=f"trap 'exit 0' TERM; {LIVES}")
    supervisor.start()
    assert wait_until(lambda: supervisor.starts == 1, 5)
    said_something(script)
    supervisor.stop_all()
    assert not script.running() and len(supervisor.crashes) == 1


def test_a_restart_of_all_is_no_crash(supervised):
    script, supervisor = supervised(f"trap 'exit 0' TERM; {LIVES}")
    said_something(script)
    supervisor.restart_all()
    assert script.launches == 2 and script.running() and supervisor.crashes == []


def test_a_crash_between_two_looks_is_told_though_the_process_is_killed_then(supervised):
    script, supervisor = supervised("kill -ABRT $$")
    ended(script)
    supervisor.kill(script)
    supervisor.look()
    assert len(supervisor.crashes) == 1


def test_a_crash_of_every_life_is_told(supervised):
    script, supervisor = supervised("kill -ABRT $$", then="kill -SEGV $$")
    ended(script)
    supervisor.look()
    ended(script)
    supervisor.look()
    assert len(supervisor.crashes) == 2


def test_our_own_kill_is_no_crash(supervised):
    script, supervisor = supervised(LIVES)
    supervisor.kill(script)
    supervisor.look()
    assert script.running() and supervisor.crashes == []


def test_a_start_that_failed_is_no_crash(supervised):
    script, supervisor = supervised("echo module failed to start; exit 1")
    ended(script)
    supervisor.look()
    assert script.running() and supervisor.crashes == []


def test_the_words_of_an_earlier_life_excuse_nothing(supervised):
    script, supervisor = supervised("echo module failed to start; exit 1", then="exit 1")
    ended(script)
    supervisor.look()
    ended(script)
    supervisor.look()
    assert len(supervisor.crashes) == 1


def test_a_kill_at_its_point_is_a_fault_and_without_one_a_crash(supervised):
    script, supervisor = supervised(LIVES, then="kill -KILL $$")
    supervisor.arm(script, "a.point")
    ended(script)
    supervisor.look()
    assert supervisor.journal.counts[KILL_AT_POINT] == 1 and supervisor.journal.reached == {"a.point"}
    assert supervisor.crashes == []
    ended(script)
    supervisor.look()
    assert len(supervisor.crashes) == 1


def test_an_armed_process_that_aborts_has_crashed(supervised):
    script, supervisor = supervised(LIVES, then="kill -ABRT $$")
    supervisor.arm(script, "a.point")
    ended(script)
    supervisor.look()
    assert len(supervisor.crashes) == 1 and not supervisor.journal.reached


def test_an_end_on_request_is_no_crash(supervised):
    script, supervisor = supervised(f"trap 'exit 0' TERM; {LIVES}")
    said_something(script)
    supervisor.stop_all()
    assert supervisor.crashes == []


def test_a_stop_that_needs_force_is_told(supervised):
    script, supervisor = supervised(LIVES, then=IGNORES_SIGTERM)
    supervisor.arm(script, "a.point")
    said_something(script)
    supervisor.disarm()
    [told] = supervisor.crashes
    assert "SIGTERM" in told


def test_the_last_stop_is_accounted_for(supervised):
    script, supervisor = supervised(IGNORES_SIGTERM)
    said_something(script)
    supervisor.stop_all()
    assert len(supervisor.crashes) == 1


# ---- healing

class Quiet:
    """The provider's switches."""

    def call(self, *_, **__):
        pass

    def quiet(self):
        pass

    def books(self):
        return {"payments": []}


@pytest.fixture(name="faults")
def fixture_faults(supervised):
    script, supervisor = supervised(f"trap 'exit 0' TERM; {LIVES}")
    said_something(script)
    made = Faults(supervisor.deployment, Quiet(), None, random.Random, io.StringIO(), [])
    return script, made


def test_the_healing_leaves_alone_what_runs(faults):
    script, healed = faults
    healed.heal()
    assert script.launches == 1 and script.running()


def test_the_healing_starts_what_is_down(faults):
    script, healed = faults
    healed.supervisor.kill(script)
    healed.heal()
    assert script.launches == 2 and script.running() and healed.supervisor.crashes == []


def test_the_healing_takes_the_fault_point_away(faults):
    script, healed = faults
    script.line = f"trap 'exit 0' TERM; {LIVES}"
    healed.supervisor.arm(script, "a.point")
    said_something(script)
    healed.heal()
    assert script.launches == 3 and not healed.supervisor.armed and healed.supervisor.crashes == []


def test_the_healing_lets_go_on_what_is_paused(faults):
    script, healed = faults
    script.pause()
    assert wait_until(lambda: state(script.running()) == "T", 5)
    healed.heal()
    assert script.launches == 1 and state(script.running()) != "T"


def state(pid):
    """As the kernel has it."""
    return pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
