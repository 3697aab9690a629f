"""The simulation of customers that ./run sim offers."""

import re
import subprocess
import sys

from tests.harness import Platform


def simulate(platform, *more):
    done = subprocess.run([sys.executable, "tools/sim.py", "--url", platform.url, "--binary", str(platform.binary), *more],
                          env=platform.environment(), capture_output=True, text=True, timeout=120, check=False)
    return done


def test_customers_of_one_seed_meet_no_surprise_and_leave_everything_in_order(platform):
    done = simulate(platform, "--users", "4", "--seconds", "4", "--seed", "7")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("seed 7: 4 customers")
    counted = dict(re.findall(r"^(\w[\w ]*?) +(\d+) ", done.stdout, re.M))
    for operation in ("hold", "pay", "cancel", "seat map"):
        assert int(counted[operation]) > 0, done.stdout
    assert "surprises: 0" in done.stdout
    assert re.search(r"^I1 .*kept", done.stdout, re.M), done.stdout
    # The same accounts once more.
    assert simulate(platform, "--users", "2", "--seconds", "1", "--seed", "7").returncode == 0


def test_money_that_does_not_add_up_makes_it_fail(platform, tmp_path):
    with Platform(platform.binary, tmp_path) as other:
        user = other.user(wallet=1000)
        schedule, free = other.open_schedule(user)
        user.pay(user.hold(schedule["id"], free[:1])["id"])
        other.database.sql("SET session_replication_role = replica; UPDATE payment.payment SET amount = amount + 1")
        done = simulate(other, "--users", "1", "--seconds", "1")
        assert done.returncode == 1
        assert "surprises: 0" in done.stdout and "BROKEN" in done.stdout.upper(), done.stdout
