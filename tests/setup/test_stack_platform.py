"""./run stack: every service a process of its own on real servers, in one command."""

import os
import shutil
import signal

import pytest
import requests

from tests.setup.conftest import ROOT, Started
from tests.stack.deployment import REPLICAS


@pytest.fixture
def stack_clone(make_clone):
    """A clone with what the servers are made of, which takes minutes to bring."""
    clone = make_clone("stack")
    shutil.copytree(ROOT / "tests", clone.folder / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    programs = clone.folder / "var/stack"
    programs.mkdir(parents=True)
    for each in (ROOT / "var/stack").glob("*"):
        if each.name != "platform":
            (programs / each.name).symlink_to(each)
    return clone


def test_one_command_starts_all_processes_and_a_second_start_keeps_what_was_done(stack_clone):
    with Started(stack_clone, "stack") as run:
        run.wait_for(lambda: "Ctrl-C stops everything" in run.text(), timeout=120)
        table = run.text()
        rows = {line.split()[0]: line.split() for line in table.splitlines() if line.startswith("  ") and line.split()}
        address = f"http://localhost:{stack_clone.port}"
        assert f"application        {address}/\n" in table
        for page in "docs", "":
            assert requests.get(f"{address}/{page}", timeout=5).status_code == 200
        for service, replicas in REPLICAS.items():
            for number in range(1, replicas + 1):
                _, metrics, _, pid, log = rows[f"{service}-{number}"]
                assert int(pid) in stack_clone.running()
                assert "ticketshow_" in requests.get(metrics, timeout=5).text
                assert '"event":"ready"' in (stack_clone.folder / log).read_text()
        assert requests.get(f"{rows['mailbox'][1]}api/email", timeout=5).json() == []
        assert "is going in this folder already" in stack_clone.refused("stack")
        stack_clone.client().login(*rows["user"][1:])
        stack_clone.client().post("/auth/register", email="ann@example.com", password="correct horse", username="Ann", expect=201)
        assert "kept" in stack_clone.run("on-stack", "check").stdout
        told = stack_clone.run("on-stack", "psql", "auth", "-XqAtc", "SELECT count(*) FROM auth.account").stdout
        assert told == "4\n"
        os.kill(int(rows["search-1"][3]), signal.SIGKILL)
        run.wait_for(lambda: "search-1 has ended" in run.text(), timeout=10)
        everything = stack_clone.running()
        assert len(everything) > sum(REPLICAS.values()) + 5
        assert run.interrupt() == 130
        stack_clone.wait_for_none()
        assert "is not going in this folder" in stack_clone.refused("on-stack", "check")
    with Started(stack_clone, "stack") as run:
        run.wait_for(lambda: "Ctrl-C stops everything" in run.text(), timeout=120)
        stack_clone.client().login("ann@example.com", "correct horse")
        assert run.interrupt() == 130
