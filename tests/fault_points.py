"""The named points of the program at which a test can have it killed (src/rt/fault_point.hpp), as the sources name them."""

import collections
import pathlib
import re

SOURCE = pathlib.Path(__file__).resolve().parents[1] / "src"
NAMED = re.compile(r'\b(?:fault_point|reached_?)\("([\w.]+)"')


def fault_points():
    """service → the points in its code; "events" → those of every service with events."""
    found = collections.defaultdict(set)
    for file in SOURCE.rglob("*.?pp"):
        if "tests" not in file.parts:
            found[file.parent.name].update(NAMED.findall(file.read_text(encoding="utf-8")))
    return {folder: sorted(points) for folder, points in sorted(found.items()) if points}
