"""Copies of the scripts in throw-away folders, driven as a person would from a terminal.

The developer's own ./run is left alone.
"""

import contextlib
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile
import time

import pytest

from tests.harness import Client, free_port

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("TICKETSHOW_BINARY", ROOT / "build/release/ticketshow")).resolve()
NOBODY = "nobody"


def processes():
    """What runs: process id → (parent, start time, command line). The id may be used again later."""
    seen = {}
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                if fields[0] != "Z":
                    command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                    seen[int(entry.name)] = (int(fields[1]), int(fields[19]), command)
            except (FileNotFoundError, ProcessLookupError):
                pass
    return seen


class Clone:
    """A folder with the scripts of this checkout and the binary already built."""

    def __init__(self, folder, user=None):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True)
        self.user = user if os.geteuid() == 0 else None
        self.port = free_port()
        shutil.copytree(ROOT / "tools", self.folder / "tools", ignore=shutil.ignore_patterns("node_modules"))
        shutil.copytree(ROOT / "sandbox", self.folder / "sandbox")
        shutil.copytree(ROOT / "web", self.folder / "web", ignore=shutil.ignore_patterns("node_modules", "dist"))
        shutil.copy(ROOT / "run", self.folder)
        for place in ("tools/node", "web"):
            (self.folder / place / "node_modules").symlink_to(ROOT / place / "node_modules")
        # Under a path of its own, by which its processes are known.
        self.binary = self.folder / "build/release/ticketshow"
        self.binary.parent.mkdir(parents=True)
        self.binary.symlink_to(BINARY)
        if self.user:
            subprocess.run(["chown", "-Rh", f"{self.user}:", str(self.folder)], check=True)

    def environment(self, **more):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("TICKETSHOW_")}
        nowhere = "http://127.0.0.1:9"  # a proxy that is meant for the Internet
        return {**kept, "TICKETSHOW_BINARY": str(self.binary), "TICKETSHOW_HTTP_PORT": str(self.port),
                "TICKETSHOW_WEB_ROOT": str(ROOT / "web/dist"),
                "http_proxy": nowhere, "https_proxy": nowhere, **more}

    def as_user(self):
        if not self.user:
            return {}
        entry = pwd.getpwnam(self.user)
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}

    def run(self, *command, program="run", timeout=30, path=None, **environment):
        """A command of ./run, or of another script, to its end. `path` is looked in for programs before all else."""
        if path:
            environment["PATH"] = f"{path}:{os.environ['PATH']}"
        program = self.folder / program
        return subprocess.run([program, *command], cwd=self.folder, env=self.environment(**environment),
                              capture_output=True, text=True, timeout=timeout, check=False,
                              stdin=subprocess.DEVNULL, **self.as_user())

    def refused(self, *command, **more):
        """A command that must fail with one sentence and nothing else, which is returned."""
        done = self.run(*command, **more)
        assert done.returncode != 0, done.stdout + done.stderr
        assert done.stdout == ""
        lines = done.stderr.splitlines()
        assert len(lines) == 1 and lines[0].startswith("ticketshow: "), done.stderr
        return lines[0]

    def running(self):
        """The processes that this clone started: those that name its folder and all their children."""
        seen = processes()
        found = {pid for pid, (_, _, command) in seen.items() if str(self.folder) in command}
        found.discard(os.getpid())
        while more := {pid for pid, (parent, _, _) in seen.items() if parent in found and pid not in found}:
            found |= more
        return {pid: seen[pid] for pid in found}

    def started_by(self, word):
        """The one process of this clone whose command line has this word."""
        found = [pid for pid, (parent, _, command) in self.running().items()
                 if word in command and "pg_ctl" not in command]
        assert len(found) == 1, self.running()
        return found[0]

    def server(self):
        return self.started_by("ticketshow serve")

    def postgres(self):
        return self.started_by("bin/postgres -D")

    def kill_all(self):
        for pid in self.running():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.wait_for_none()

    def wait_for_none(self, timeout=10):
        give_up = time.monotonic() + timeout
        while left := self.running():
            assert time.monotonic() < give_up, f"still running: {left}"
            time.sleep(0.02)

    def client(self):
        return Client(f"http://127.0.0.1:{self.port}")


class Started:
    """A ./run in a process group of its own, as a shell with job control makes it."""

    def __init__(self, clone, *command, **environment):
        self.clone = clone
        self.began = time.monotonic()
        self.output = tempfile.TemporaryFile("w+")
        self.child = subprocess.Popen(["./run", *command], cwd=clone.folder, env=clone.environment(**environment),
                                      stdout=self.output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                      process_group=0, **clone.as_user())

    def text(self):
        self.output.seek(0)
        return self.output.read()

    def wait_for(self, condition, timeout=40):
        give_up = time.monotonic() + timeout
        while not condition():
            assert self.child.poll() is None, f"./run ended with {self.child.returncode}:\n{self.text()}"
            assert time.monotonic() < give_up, f"./run said only:\n{self.text()}"
            time.sleep(0.02)
        return time.monotonic() - self.began

    def wait_ready(self):
        """Seconds from the start to the table."""
        return self.wait_for(lambda: "Ctrl-C stops everything" in self.text())

    def interrupt(self):
        """Ctrl-C; returns the exit code."""
        os.killpg(self.child.pid, signal.SIGINT)
        return self.child.wait(timeout=30)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.child.poll() is None:
            os.killpg(self.child.pid, signal.SIGINT)
            try:
                self.child.wait(timeout=20)
            except subprocess.TimeoutExpired:
                pass
        self.clone.kill_all()
        self.child.wait(timeout=10)
        self.output.close()


def folder_for_clones():
    """One that every user may enter; in memory when there is enough, where PostgreSQL's fsync costs nothing."""
    memory = "/dev/shm"
    if os.access(memory, os.W_OK):
        there = os.statvfs(memory)
        if not there.f_flag & os.ST_NOEXEC and there.f_bavail * there.f_frsize > 2 << 30:
            return memory
    return "/tmp"


@pytest.fixture(scope="session")
def outdoors():
    with tempfile.TemporaryDirectory(prefix="ts-", dir=folder_for_clones()) as folder:
        os.chmod(folder, 0o755)
        yield pathlib.Path(folder)


@contextlib.contextmanager
def clones(outdoors):
    made = []

    def make(name, user=None):
        made.append(Clone(outdoors / name, user))
        return made[-1]

    try:
        yield make
    finally:
        for each in made:
            each.kill_all()
            shutil.rmtree(each.folder)


@pytest.fixture(scope="session")
def clone(outdoors):
    """The clone that most tests share; nothing runs in it between them."""
    with clones(outdoors) as make:
        yield make("clone")


@pytest.fixture
def make_clone(outdoors):
    """make_clone("name", user=…) → another one, for this test. What it leaves running is killed."""
    with clones(outdoors) as make:
        yield make


@pytest.fixture
def started(clone):
    """./run, ready."""
    with Started(clone) as run:
        run.wait_ready()
        yield run
