"""The first visit of the web app's landing page, on a phone whose processor is four times as slow as this one."""

import json
import pathlib
import subprocess
import tempfile

from bench.stage import median, row
from tests.harness import Platform

MOST_PAINT_MS = 1500


def run(stage, options):
    web = stage.root / "web"
    node = next(stage.root.glob("tools/node/node_modules/node-linux-*/bin/node"))
    with tempfile.TemporaryDirectory(prefix="ticketshow-bench-web-") as directory:
        with Platform(stage.binary, pathlib.Path(directory), posters=True, settings={"WEB_ROOT": str(web / "dist")}) as shop:
            done = subprocess.run([node, "--disable-warning=ExperimentalWarning", web / "tests/first-load.ts",
                                   f"http://localhost:{shop.port}/", str(options.rounds)],
                                  capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    paint, script, most_script = median(seen["paints"]), seen["scriptBytes"], seen["mostScriptBytes"]
    return [row("landing page, 4x slower processor: largest paint", f"{paint:,.0f} ms", f"<= {MOST_PAINT_MS:,} ms",
                paint <= MOST_PAINT_MS, **seen),
            row("landing page: script, packed", f"{script / 1000:.0f} kB", f"<= {most_script // 1000} kB", script <= most_script)]
