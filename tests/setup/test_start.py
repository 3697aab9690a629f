"""Start, stop, start again, and what a crash leaves behind, with the real binary and the real PostgreSQL."""

import os
import pty
import signal
import subprocess
import time

import requests

from tests.setup.conftest import Started, processes
from tests.stack.sandbox import Sandbox


def gone(before):
    """Those of these processes that still are, by id and start time."""
    now = processes()
    return {pid: seen for pid, seen in before.items() if pid in now and now[pid][1] == seen[1]}


def test_everything_started_is_there_and_ctrl_c_stops_all_of_it(clone):
    with Started(clone) as run:
        run.wait_ready()
        table = run.text()
        address = f"http://localhost:{clone.port}"
        assert f"application        {address}/\n" in table
        assert requests.get(f"{address}/docs", timeout=5).status_code == 200
        assert requests.get(f"{address}/openapi.json", timeout=5).json()["openapi"]
        mailbox = next(line.split()[1] for line in table.splitlines() if line.startswith("  mailbox "))
        assert requests.get(f"{mailbox}api/email", timeout=5).json() == []
        sandbox = next(line.split()[2] for line in table.splitlines() if line.startswith("  card sandbox "))
        switches = requests.get(f"{sandbox}sandbox/switches", timeout=5).json()
        assert switches["webhooks"]["url"] == f"http://127.0.0.1:{clone.port}/api/v1/payments/webhook"
        rows = [line.split() for line in table.splitlines() if "@" in line]
        assert [row[0] for row in rows] == ["admin", "user", "staff"]
        for _, email, password in rows:
            clone.client().login(email, password)
        everything = clone.running()
        assert len(everything) > 5
        assert {clone.server(), clone.postgres(), run.child.pid} <= set(everything)
        assert run.interrupt() == 130
        assert gone(everything) == {}
        assert '"event":"stopped"' in (clone.folder / "var/log/ticketshow.log").read_text().splitlines()[-1]


def test_data_outlives_a_restart_that_takes_less_than_five_seconds(clone):
    with Started(clone) as run:
        run.wait_ready()
        clone.client().post("/auth/register", email="ann@example.com", password="correct horse", username="Ann",
                            expect=201)
        run.interrupt()
    with Started(clone) as run:
        assert run.wait_ready() < 5
        clone.client().login("ann@example.com", "correct horse")
        assert "making" not in run.text()


def test_with_an_account_for_cards_no_sandbox_is_started(clone, tmp_path):
    account = Sandbox(tmp_path)
    account.start()
    try:
        lines = account.settings_file().read_text().split()
        with Started(clone, **dict(line.split("=", 1) for line in lines)) as run:
            run.wait_ready()
            assert f"card sandbox       none of ours: cards go to {account.address()}\n" in run.text()
            assert not [each for _, _, each in clone.running().values() if "sandbox/main.ts" in each]
            run.interrupt()
    finally:
        account.stop()


def test_beside_a_running_one_only_what_leaves_it_alone_is_done(clone, started):
    assert "going in this folder already" in clone.refused()
    assert "going in this folder" in clone.refused("stop")
    assert "going in this folder" in clone.refused("reset", "--yes")
    assert clone.run("check").returncode == 0
    for words, role in ((["booking"], "booking"), ([], "owner")):
        done = clone.run("psql", *words, "-Atc", "SELECT current_user")
        assert done.stdout == f"ticketshow_{role}\n", done.stderr
    assert started.child.poll() is None
    clone.client().get("/shows")


def test_a_closed_terminal_stops_all_of_it(clone):
    terminal, inside = pty.openpty()
    child = subprocess.Popen(["setsid", "--ctty", "./run"], cwd=clone.folder, env=clone.environment(), stdin=inside,
                             stdout=inside, stderr=inside)
    os.close(inside)
    text = b""
    while b"Ctrl-C stops everything" not in text:
        text += os.read(terminal, 4096)
    assert clone.server() and clone.postgres()
    os.close(terminal)
    assert child.wait(timeout=20) == 129
    assert clone.running() == {}


def test_why_it_does_not_start_is_said_without_what_the_log_holds_of_earlier_runs(clone):
    log = clone.folder / "var/log/ticketshow.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "a") as earlier:
        earlier.write('{"event":"of an earlier run"}\nan earlier sentence\n')
    done = clone.run("start", TICKETSHOW_LOG_LEVEL="loud")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-2:] == [
        "ticketshow: The setting log.level must be debug, info, warning or error.",
        "ticketshow: the database could not be brought up to date"]
    done = clone.run("start", TICKETSHOW_DRAIN_TIMEOUT_S="soon", TICKETSHOW_HTTP_MAX_CONNECTIONS="none")
    assert done.returncode == 1
    assert "earlier" not in done.stderr
    sentence, summary = done.stderr.splitlines()[-2:]
    assert "The setting http.max_connections must be a whole number" in sentence
    assert summary == "ticketshow: the platform ended right after its start; see var/log/ticketshow.log"
    assert clone.running() == {}


def test_a_long_log_is_put_aside_at_the_next_start(clone):
    log = clone.folder / "var/log/ticketshow.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("{}\n" * (6 << 20))
    with Started(clone) as run:
        run.wait_ready()
        run.interrupt()
    assert log.stat().st_size < 1 << 20
    assert (log.parent / "ticketshow.log.1").stat().st_size == 18 << 20


# ---- killed


def test_a_platform_that_dies_is_told_and_nothing_stays(clone, started):
    everything = clone.running()
    os.kill(clone.server(), signal.SIGKILL)
    assert started.child.wait(timeout=20) == 1
    assert "ticketshow: the platform ended with code 137; see var/log/ticketshow.log" in started.text()
    assert gone(everything) == {}


def test_it_recovers_when_all_of_it_was_killed(clone, started):
    user = clone.client()
    user.post("/auth/register", email="bob@example.com", password="correct horse", username="Bob", expect=201)
    # The script first: it would stop the others.
    for pid in (started.child.pid, clone.server(), clone.postgres()):
        os.kill(pid, signal.SIGKILL)
    assert (clone.folder / "var/postgres/data/postmaster.pid").exists()
    with Started(clone) as again:  # at once: postmaster's children may not have noticed yet
        again.wait_ready()
        user.login("bob@example.com", "correct horse")
        assert clone.run("check").returncode == 0
        everything = clone.running()
        assert again.interrupt() == 130
        assert gone(everything) == {}


def test_a_killed_script_takes_the_platform_along_and_the_next_one_takes_postgresql_over(clone, started):
    server, postgres = clone.server(), clone.postgres()
    os.kill(started.child.pid, signal.SIGKILL)
    give_up = time.monotonic() + 10
    while server in clone.running():
        assert time.monotonic() < give_up
        time.sleep(0.02)
    with Started(clone) as again:
        again.wait_ready()
        assert clone.postgres() == postgres
        again.interrupt()
        assert clone.running() == {}


def test_stop_ends_the_postgresql_of_a_killed_script(clone, started):
    for pid in (started.child.pid, clone.server()):
        os.kill(pid, signal.SIGKILL)
    done = clone.run("stop")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert clone.running() == {}
    assert clone.run("stop").returncode == 0


def test_lock_files_with_somebody_elses_process_id_do_no_harm(clone):
    """As after the machine was switched off: the process id is in use again, by a process of the same user."""
    data = clone.folder / "var/postgres/data"
    with Started(clone) as run:
        run.wait_ready()
        left = (data / "postmaster.pid").read_text()
        run.interrupt()
    owner = data.owner()
    as_owner = {"user": owner, "extra_groups": []} if os.geteuid() == 0 else {}
    sleeper = subprocess.Popen(["sleep", "60"], cwd="/", **as_owner)
    try:
        lines = [str(sleeper.pid), *left.splitlines()[1:]]
        for file in (data / "postmaster.pid", data.parent / "run/.s.PGSQL.5432.lock"):
            file.write_text("\n".join(lines) + "\n")
            subprocess.run(["chown", owner, str(file)], check=True)
        assert clone.run("stop").returncode == 0
        assert sleeper.poll() is None
        with Started(clone) as run:
            run.wait_ready()
            run.interrupt()
        assert sleeper.poll() is None
    finally:
        sleeper.kill()
        sleeper.wait()
