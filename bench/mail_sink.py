"""The mail server of the measurements: Postfix's smtp-sink, which takes every mail and drops it.

A mailbox that keeps mails and reads what is in them, as the one of ./run does, takes some 9 ms of CPU for a mail with its tickets: on the
machine of the platform it would be what is measured.
"""

import os
import pathlib
import shutil
import socket
import subprocess

from tests.stack.server import Server

PLACE = pathlib.Path(__file__).resolve().parents[1] / "var/bench/postfix"


class MailSink(Server):
    name = "smtp-sink"

    def address(self):
        return f"smtp://127.0.0.1:{self.port()}"

    def command(self):
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        return [str(self._package() / "usr/sbin/smtp-sink"), *user, f"127.0.0.1:{self.port()}", "100"]

    def environment(self):
        return {**os.environ, "LD_LIBRARY_PATH": str(self._package() / "usr/lib/postfix")}

    def healthy(self):
        with socket.create_connection(("127.0.0.1", self.port()), timeout=2) as connection:
            return connection.recv(3) == b"220"

    def _package(self):
        """Debian's postfix, unpacked and not installed: nobody wants a mail server of the machine's own for this."""
        if not PLACE.exists():
            begun = PLACE.with_name("postfix.begun")
            shutil.rmtree(begun, ignore_errors=True)
            begun.mkdir(parents=True)
            subprocess.run(["apt-get", "-o", "APT::Sandbox::User=root", "-qq", "download", "postfix"], cwd=begun, check=True, timeout=300)
            (package,) = begun.glob("*.deb")
            subprocess.run(["dpkg", "-x", package, begun], check=True, timeout=60)
            begun.rename(PLACE)
        return PLACE
