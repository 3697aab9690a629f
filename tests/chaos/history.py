"""What every client asked for and heard. A time-out or a lost connection is neither a success nor a failure: nobody knows."""

import collections
import dataclasses
import json
import threading

OK, REFUSED, UNKNOWN = "ok", "refused", "unknown"


@dataclasses.dataclass(frozen=True)
class Call:
    """One request: from `began` to `ended` (seconds since the epoch, by this machine's clock, which is the databases' too) it may
    have had its effect at any moment; one whose outcome is unknown, at any moment from `began` on, or never."""

    who: int  # the account's id; 0 for the operator of the platform
    operation: str
    path: str
    body: dict
    began: float
    ended: float
    outcome: str
    code: str = ""  # of a refusal, or what happened instead of an answer
    answer: dict | None = None

    @property
    def target(self):
        """The number that its path ends with."""
        return int(self.path.rpartition("/")[2])


class History:
    """Calls in the order in which they ended, also in a file, from which a finding can be followed up."""

    def __init__(self, file):
        self.calls = []
        self.counts = collections.defaultdict(collections.Counter)  # operation → outcome → how many
        self._file = file
        self._lock = threading.Lock()

    def add(self, call, keep=True):
        """Reads that promise nothing are only counted."""
        with self._lock:
            self.counts[call.operation][call.outcome] += 1
            if keep:
                self.calls.append(call)
                self._file.write(json.dumps(dataclasses.asdict(call)) + "\n")

    def totals(self):
        with self._lock:
            return sum(self.counts.values(), collections.Counter())
