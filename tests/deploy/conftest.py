"""Holds deploy/ against the program: the containers, the alerts, the dashboard, and what docs/operations.md tells operators to do."""

import os
import pathlib
import re
import subprocess

import pytest

from tests.harness import Platform

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
BINARY = pathlib.Path(os.environ.get("TICKETSHOW_BINARY", ROOT / "build/release/ticketshow")).resolve()


def run(*arguments, **more):
    return subprocess.run([str(each) for each in arguments], capture_output=True, text=True, timeout=300, check=False, **more)


def succeeds(*arguments, **more):
    done = run(*arguments, **more)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def declared():
    """The program's settings: variable → (default, whether it is secret)."""
    rows = re.findall(r"^\| `([a-z0-9._]+)` \| (?:`(.*?)`)? \| (.*) \|$", succeeds(BINARY, "settings"), re.M)
    assert len(rows) > 50
    return {"TICKETSHOW_" + key.upper().replace(".", "_"): (default, help.endswith("(secret)")) for key, default, help in rows}


@pytest.fixture(scope="module")
def platform(tmp_path_factory):
    """All services in one process, migrated, with the sample data."""
    with Platform(BINARY, tmp_path_factory.mktemp("platform")) as started:
        yield started
