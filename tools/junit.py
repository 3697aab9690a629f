#!/usr/bin/env python3
"""Counts the cases of a JUnit file: prints "passed failed skipped", then a line for each that failed or was skipped, with why."""

import sys
import xml.etree.ElementTree as xml


MOST_OF_WHY = 300  # characters


def why(case):
    """What the case said when it failed, in one line: pytest tells it in the message, GoogleTest under ctest in the output."""
    failure = case.find("failure") if case.find("failure") is not None else case.find("error")
    said = "" if failure is None else failure.get("message") or failure.text or ""
    lines = (case.findtext("system-out") or "").splitlines()
    marks = [number for number, line in enumerate(lines) if line.endswith(": Failure")]
    if marks:
        said = " ".join(lines[marks[0]:marks[0] + 6])
    elif lines:
        said = f"{said} after: " + " ".join(lines[-3:])  # a crash, a sanitizer's report, a time-out
    return " ".join(said.split())[:MOST_OF_WHY]


def main():
    passed, failed, skipped, lines = 0, 0, 0, []
    for case in xml.parse(sys.argv[1]).iter("testcase"):
        name = case.get("name")
        if case.find("failure") is not None or case.find("error") is not None or case.get("status") == "fail":
            failed += 1
            lines.append(f"{name}: {why(case)}")
        elif case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
            skipped += 1
            reason = case.find("skipped")
            lines.append(f"{name} (skipped: {reason.get('message') if reason is not None else 'not run'})")
        else:
            passed += 1
    if passed + failed == 0:
        sys.exit("no case was run")
    print(passed, failed, skipped)
    print("\n".join(lines))


if __name__ == "__main__":
    main()
