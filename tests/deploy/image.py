"""deploy/Dockerfile without a container engine: `python3 -m tests.deploy.image ROOT` follows its instructions in an empty Debian root.

What the build stage makes is taken from this checkout, where ./run build has made it.
"""

import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SEARCHED = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Stage:
    """An image of the Dockerfile: what it is made of, and how its containers start."""

    def __init__(self, name):
        text = re.sub(r"^#.*\n", "", (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8"), flags=re.M)
        section = re.search(rf"^FROM debian:12-slim AS {name}\n(.*?)(?=^FROM |\Z)", text, re.M | re.S).group(1)
        self.lines = [line.split(None, 1) for line in re.sub(r"\\\n", " ", section).splitlines() if line]
        self.environment = {"PATH": SEARCHED}
        for line in self._all("ENV"):
            self.environment.update(word.split("=", 1) for word in shlex.split(line))
        (self.user,) = self._all("USER")
        self.directory = (self._all("WORKDIR") or ["/"])[-1]
        self.entry, self.command = json.loads(self._all("ENTRYPOINT")[0]), json.loads(self._all("CMD")[0])
        self.health = json.loads(re.search(r"CMD (\[.*\])", self._all("HEALTHCHECK")[0]).group(1))

    def _all(self, word):
        return [rest for instruction, rest in self.lines if instruction == word]

    def make(self, root):
        """Follows RUN and COPY in the root."""
        for word, rest in self.lines:
            if word == "RUN":
                self._run(root, rest)
            elif word == "COPY":
                _copy(root, rest)

    def _run(self, root, rest):
        bound = re.match(r"--mount=type=bind,source=(\S+),target=(\S+)\s+", rest)
        if bound:
            shutil.copy(ROOT / bound.group(1), f"{root}{bound.group(2)}")
            rest = rest[bound.end():]
        made = re.search(r"^useradd .* (\w+)$", rest)
        if not (made and f"\n{made.group(1)}:" in pathlib.Path(f"{root}/etc/passwd").read_text(encoding="utf-8")):
            environment = {"PATH": SEARCHED, "DEBIAN_FRONTEND": "noninteractive"}
            subprocess.run(["chroot", root, "/bin/bash", "-o", "pipefail", "-c", rest], env=environment, check=True, timeout=1800)
        if bound:
            os.unlink(f"{root}{bound.group(2)}")

    def in_container(self, root, environment, arguments):
        """The arguments with which a process is started as in a container of this image."""
        told = [f"{name}={value}" for name, value in {**self.environment, **environment}.items() if value is not None]
        return ["chroot", f"--userspec={self.user}:{self.user}", str(root), "/usr/bin/env", "-i", "-C", self.directory, *told, *arguments]


def _copy(root, rest):
    *of, source, target = rest.split()
    if not of:
        found = ROOT / source
    elif source.startswith("/src/build/release/"):
        found = pathlib.Path(os.environ.get("TICKETSHOW_BINARY") or ROOT / source.removeprefix("/src/"))
    elif source.startswith("/src/"):
        found = ROOT / source.removeprefix("/src/")
    else:
        (found,) = ROOT.glob("tools/node/node_modules/node-linux-*/bin/node")
    place = pathlib.Path(f"{root}{target}")
    place.parent.mkdir(parents=True, exist_ok=True)
    if found.is_dir():
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(found, place)
    else:
        shutil.copy(found, place)


if __name__ == "__main__":
    for each in ("sandbox", "ticketshow"):
        Stage(each).make(sys.argv[1])
