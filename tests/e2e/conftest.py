"""Drives the real binary over HTTP. Each test module gets a database and a server of its own."""

import os
import pathlib

import pytest

from tests.card_sandbox import CardPlatform, reconcile, wait_until_at_rest
from tests.harness import Platform

BINARY = pathlib.Path(os.environ.get("TICKETSHOW_BINARY", "build/release/ticketshow"))


@pytest.fixture(scope="module")
def platform(tmp_path_factory):
    """All services in one process, migrated, with the sample data."""
    with Platform(BINARY, tmp_path_factory.mktemp("platform")) as started:
        yield started


@pytest.fixture(scope="module")
def hasty_platform(tmp_path_factory):
    """The same, where a hold lasts two seconds."""
    with Platform(BINARY, tmp_path_factory.mktemp("hasty"), settings={"BOOKING_HOLD_TTL_S": "2"}) as started:
        yield started


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A platform that takes cards, on a sandbox of its own."""
    with CardPlatform(BINARY, tmp_path_factory.mktemp("cards")) as started:
        yield started
        reconcile(started)  # nothing that the tests of the module did was missed


@pytest.fixture
def ends_well(shop):
    """After the test nothing is under way, and every invariant holds."""
    shop.cards.quiet()
    yield
    shop.cards.quiet()
    wait_until_at_rest(shop)
    shop.platform.check()
