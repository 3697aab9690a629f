"""Memory of the idle platform, its start, and a clean build."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import time

from bench.stage import median, row


def resident_mb(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    raise AssertionError("no VmRSS")


def clean_build_seconds(root):
    with tempfile.TemporaryDirectory(prefix="ticketshow-build-") as directory:
        source = pathlib.Path(directory) / "source"
        subprocess.run(["git", "clone", "-q", str(root), str(source)], check=True)
        began = time.monotonic()
        environment = {**os.environ, "CCACHE_DISABLE": "1"}
        for command in (["cmake", "--preset", "release"], ["cmake", "--build", "--preset", "release", "--target", "ticketshow"]):
            subprocess.run(command, cwd=source, env=environment, stdout=subprocess.DEVNULL, check=True)
        return time.monotonic() - began


def run(stage, options):
    starts = [stage.platform.restart() for _ in range(5)]
    time.sleep(5)
    memory = resident_mb(stage.platform.process.child.pid)
    rows = [row("resident, all targets idle", f"{memory:.0f} MB", "<= 80 MB", memory <= 80, mb=memory),
            row("start to ready", f"{median(starts):.2f} s", "<= 1 s", median(starts) <= 1, seconds=median(starts))]
    if shutil.which("git") and (stage.root / ".git").exists():
        built = clean_build_seconds(stage.root)
        rows.append(row("clean release build", f"{built / 60:.1f} min", "<= 8 min", built <= 480, seconds=built))
    return rows
