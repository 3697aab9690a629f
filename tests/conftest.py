"""What the suites of the real binary share."""

import os
import pathlib

import pytest

from tests.card_sandbox import IMPATIENT
from tests.stack.deployment import Deployment

BINARY = pathlib.Path(os.environ.get("TICKETSHOW_BINARY", "build/release/ticketshow"))


def on_stack():
    """Whether the end-to-end tests run on the deployment of many processes, as in the suite `stack`."""
    return os.environ.get("TICKETSHOW_TEST_ON") == "stack"


def pytest_configure(config):
    config.addinivalue_line("markers", "one_process(why): looks into the one process of a platform, or into its one database")


@pytest.fixture(scope="session")
def deployment(tmp_path_factory):
    """Every service a process of its own, on real servers. All showings' doors are open."""
    settings = {**IMPATIENT, "BOOKING_DOORS_OPEN_BEFORE_MIN": "100000"}
    with Deployment(BINARY, tmp_path_factory.mktemp("stack"), settings, durable=False) as started:
        os.environ["TICKETSHOW_TEST_MAILBOX"] = started.servers["mailbox"].address()
        os.environ["TICKETSHOW_TEST_MAILBOX_HTTP"] = started.servers["mailbox"].web_address()
        yield started
