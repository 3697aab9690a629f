"""A private PostgreSQL cluster, made and started by tools/postgres.sh as ./run's is."""

import os
import pathlib
import signal
import subprocess

from tests.stack.server import Server

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Postgres(Server):
    """Its address is the superuser's URL of the database `postgres`. It runs as the user postgres when root starts it."""

    name = "PostgreSQL"

    def __init__(self, directory, settings=()):
        super().__init__(directory)
        self.log = self.directory / "data" / "server.log"
        self.settings = settings

    def start(self):
        self._script("start", *self.settings)
        return self.address()

    def stop(self, how=signal.SIGTERM):
        """SIGTERM ends it as an operator would, without waiting for its clients; SIGKILL and SIGQUIT as a crash would."""
        self.resume()
        if how == signal.SIGTERM:
            self._script("stop")
        elif pid := self.running():
            for each in [pid, *self._children(pid)]:
                self._tell(each, how)

    def running(self):
        try:
            pid = int((self.directory / "data" / "postmaster.pid").read_text(encoding="ascii").split()[0])
            return pid if os.path.samefile(f"/proc/{pid}/cwd", self.directory / "data") else None
        except (OSError, ValueError, IndexError):
            return None

    def address(self):
        return f"{self.url('postgres')}&user=postgres"

    def url(self, database):
        """Without a user: each comes as who he is."""
        return self._script("url", database).strip()

    def _tell_all(self, what):
        """Its processes have sessions of their own."""
        if pid := self.running():
            for each in [pid, *self._children(pid)]:
                self._tell(each, what)

    @staticmethod
    def _children(pid):
        return [int(child) for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]

    @staticmethod
    def _tell(pid, what):
        try:
            os.kill(pid, what)
        except ProcessLookupError:
            pass

    def _script(self, word, *more):
        done = subprocess.run([str(ROOT / "tools/postgres.sh"), word, str(self.directory), *more],
                              stdout=subprocess.PIPE, text=True, timeout=180, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"tools/postgres.sh {word} failed")
        return done.stdout
