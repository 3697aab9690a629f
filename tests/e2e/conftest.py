"""Drives the real binary over HTTP. Each test module gets a database and a server of its own."""

import os
import pathlib

import pytest

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
