#!/usr/bin/env python3
"""Counts the cases of a JUnit file: prints "passed failed skipped", then a line for each that failed or was skipped."""

import sys
import xml.etree.ElementTree as xml


def main():
    passed, failed, skipped, lines = 0, 0, 0, []
    for case in xml.parse(sys.argv[1]).iter("testcase"):
        name = case.get("name")
        if case.find("failure") is not None or case.find("error") is not None or case.get("status") == "fail":
            failed += 1
            lines.append(name)
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
