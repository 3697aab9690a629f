"""What the servers of the tests have in common: a directory with log, process id and ports; start, health, stop."""

import contextlib
import fcntl
import http.client
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import threading
import time

CHOOSING_A_PORT = threading.Lock()


class Server:
    """A server that keeps all it has in one directory, so that a process may start it and another one stop it.

    A kind of server says in `command()` how it is started, in `healthy()` whether it serves, in `address()` where.
    """

    name = "server"
    start_within_s = 60
    stop_within_s = 30
    ports = None  # a range, for a server that takes no others

    def __init__(self, directory):
        self.directory = pathlib.Path(directory).resolve()
        self.log = self.directory / "server.log"
        self._process_file = self.directory / "server.pid"
        self._ports_file = self.directory / "ports.json"
        self._child = None  # its process, when this very object started it
        self._log_before = 0  # the log's length at that start
        self.launches = 0  # by this object
        self.forced = False  # whether its last stop() had to kill it

    # ---- what a kind of server says

    def command(self):
        """Prepares the directory and returns the arguments of the process."""
        raise NotImplementedError

    def environment(self):
        return dict(os.environ)

    def healthy(self):
        """Whether it answers; an OSError is a no."""
        raise NotImplementedError

    def address(self):
        """What the tests get in TICKETSHOW_TEST_…"""
        raise NotImplementedError

    # ---- what can be done with it

    def start(self):
        """Starts it unless it runs, waits until it serves, and returns its address. Data and ports of an earlier start
        are kept. Raises RuntimeError with the log's end when it does not serve in time."""
        with self._locked():
            self._launch()
            self._wait_until_healthy()
        return self.address()

    def launch(self):
        """Starts it unless it runs, and does not wait."""
        with self._locked():
            self._launch()

    @contextlib.contextmanager
    def _locked(self):
        self.directory.mkdir(parents=True, exist_ok=True)
        with open(self.directory / "lock", "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _launch(self):
        if self.running():
            return
        command = self.command()
        with open(self.log, "ab") as output:
            self._log_before = output.tell()
            child = subprocess.Popen(command, cwd=self.directory, env=self.environment(), stdin=subprocess.DEVNULL,
                                     stdout=output, stderr=output, start_new_session=True)
        self._child = child
        self.launches += 1
        self.forced = False
        self._process_file.write_text(json.dumps({"pid": child.pid, "began": _began(child.pid)}), encoding="utf-8")

    def stop(self, how=signal.SIGTERM):
        """Ends it, by force when it takes too long. Nothing to do when it does not run."""
        pid = self.running()
        if pid:
            with contextlib.suppress(ProcessLookupError):  # it may end at this moment by itself
                os.kill(pid, how)
            self.resume()  # one that was paused would never learn of it
            if not wait_until(lambda: not self.running(), self.stop_within_s):
                self.forced = True
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                wait_until(lambda: not self.running(), self.stop_within_s)
        self._process_file.unlink(missing_ok=True)

    def kill(self, how=signal.SIGKILL):
        """As a crash would end it."""
        self.stop(how)

    def pause(self):
        """Stands still with all its connections open, as one that the machine has no time for."""
        self._tell_all(signal.SIGSTOP)

    def resume(self):
        self._tell_all(signal.SIGCONT)

    def _tell_all(self, what):
        """It began a session of its own: the group is the server and the processes it made."""
        with contextlib.suppress(ProcessLookupError):
            if pid := self.running():
                os.killpg(pid, what)

    def running(self):
        """The id of its process, or None."""
        try:
            noted = json.loads(self._process_file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        pid = noted["pid"]
        if self._child is not None and self._child.pid == pid:
            self._child.poll()  # keeps its exit status
        else:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)  # a child of this very process that ended would stay a zombie
        # Another process may have got the same id since.
        return pid if noted["began"] is not None and _began(pid) == noted["began"] else None

    def exit_status(self):
        """Of the process that this object started last: negative for the signal that ended it, None while it runs or when there is
        none."""
        if self._child is None or self.running():
            return None
        return self._child.wait()  # its first thread may be gone a moment before the others are

    def said(self):
        """What that process has written into its log."""
        with open(self.log, "rb") as log:
            log.seek(self._log_before)
            return log.read().decode(errors="replace")

    def port(self, purpose="main", in_a_row=1):
        """A free port of the loopback interface, or the first of some in a row; the same at each start."""
        with CHOOSING_A_PORT:
            ports = json.loads(self._ports_file.read_text(encoding="utf-8")) if self._ports_file.exists() else {}
            if purpose not in ports:
                ports[purpose] = free_port(in_a_row, self.ports, ports.values())
                self.directory.mkdir(parents=True, exist_ok=True)
                self._ports_file.write_text(json.dumps(ports), encoding="utf-8")
        return ports[purpose]

    def _wait_until_healthy(self):
        def settled():
            return not self.running() or self.answers()

        if not wait_until(settled, self.start_within_s) or not self.running():
            state = "does not serve" if self.running() else "ended"
            end = "\n".join(self.log.read_text(errors="replace").splitlines()[-30:])
            self.kill()
            raise RuntimeError(f"{self.name} {state} after its start; the end of {self.log}:\n{end}")

    def answers(self):
        """Whether it serves now."""
        try:
            return self.healthy()
        except (OSError, http.client.HTTPException):
            return False


def free_port(in_a_row=1, among=None, spoken_for=()):
    """A port that nobody listens on, that is not spoken for and that the system gives to no outgoing connection: a server
    which is stopped for a while gets it back. Or the first of some such ports in a row."""
    if among is None:
        with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as limits:
            among = range(10_000, max(int(limits.read().split()[0]), 12_000) - in_a_row)
    while True:
        port = random.choice(among)
        if all(each not in spoken_for and _is_free(each) for each in range(port, port + in_a_row)):
            return port


def _is_free(port):
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
            return True
        except OSError:
            return False


def wait_until(condition, seconds):
    give_up = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > give_up:
            return False
        time.sleep(0.05)
    return True


def _began(pid):
    """When the process began, in the kernel's clock ticks; None when it is not there or only waits to be reaped."""
    try:
        text = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()
    return None if fields[0] in ("Z", "X") else int(fields[19])
