"""What `ticketshow check` says while things go on. Of the invariants below it looks at what can be broken by nothing that is under way:
with a settle time that is longer than the run, whatever it calls broken is a violation at any time."""

import json
import subprocess

# Each is read in one snapshot, or in snapshots whose order makes up for what happens between them (src/app/check/check.cpp); what
# takes its time there counts as in flight for the settle time.
AT_ANY_TIME = ("I1", "I2", "I3", "I4", "I9", "I10")
IN_TIME = ("I6",)  # the index has 30 s, of which the check itself knows
LONGER_THAN_ANY_RUN_S = 7 * 86_400


def report_of(deployment, settle_s=LONGER_THAN_ANY_RUN_S):
    """The report, or None when it could not look, as while the database is away."""
    try:
        done = deployment.command("check", "--json", "--settle-seconds", str(settle_s), check=False)
        return json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return None


def broken(report, invariants=None):
    """A sentence for each way in which these invariants are broken, or any."""
    return [f"{each['invariant']} ticketshow check: {row}" for each in report["invariants"] if not each["kept"]
            and (invariants is None or each["invariant"] in invariants)
            for row in [*each["rows"], *unseen(each)]]


def unseen(invariant):
    more = invariant["broken"] - len(invariant["rows"])
    return [f"and {more} more"] if more > 0 else []


def table(report):
    return "".join(f"  {each['invariant']:4} {'kept' if each['kept'] else 'BROKEN':7} {each['looked_at']:8} looked at  {each['promise']}\n"
                   + "".join(f"         * {note}\n" for note in each["notes"]) for each in report["invariants"])


class Watch:
    """Looks now and then, and keeps what it found."""

    def __init__(self, deployment):
        self.deployment = deployment
        self.found = {}  # sentences, in the order in which they were found
        self.looks = 0  # that saw something

    def look(self, index_has_had_its_time=False):
        report = report_of(self.deployment)
        if report is not None:
            self.looks += 1
            self.found.update(dict.fromkeys(broken(report, AT_ANY_TIME + (IN_TIME if index_has_had_its_time else ()))))
