"""Drives the real binary over HTTP. Each test module gets a database and a server of its own; in the suite `stack` all share one
deployment of many processes."""

import pytest

from tests.card_sandbox import CardPlatform, CardSandbox, Shop, reconcile, wait_until_at_rest
from tests.conftest import BINARY, on_stack
from tests.harness import Platform


def pytest_collection_modifyitems(config, items):
    """What only a single process has is not asked of the deployment."""
    if on_stack():
        alone = [each for each in items if each.get_closest_marker("one_process") or "hasty_platform" in each.fixturenames]
        config.hook.pytest_deselected(items=alone)
        items[:] = [each for each in items if each not in alone]


def platform_on(request, settings=dict):
    """One process with what `settings()` gives besides, or the deployment, which is set up for all tests."""
    if on_stack():
        yield request.getfixturevalue("deployment")
    else:
        directory = request.getfixturevalue("tmp_path_factory").mktemp("platform")
        with Platform(BINARY, directory, settings=settings()) as started:
            yield started


@pytest.fixture(scope="module")
def platform(request):
    """All services, migrated, with the sample data."""
    yield from platform_on(request)


@pytest.fixture(scope="module")
def hasty_platform(tmp_path_factory):
    """One process, where a hold lasts two seconds."""
    with Platform(BINARY, tmp_path_factory.mktemp("hasty"), settings={"BOOKING_HOLD_TTL_S": "2"}) as started:
        yield started


def shop_on(request, settings=dict):
    """A platform that takes cards: one process on a sandbox of its own, or the deployment on its."""
    if on_stack():
        deployment = request.getfixturevalue("deployment")
        cards = CardSandbox(deployment.servers["sandbox"].settings())
        cards.quiet()
        yield Shop(deployment, cards)
    else:
        directory = request.getfixturevalue("tmp_path_factory").mktemp("cards")
        with CardPlatform(BINARY, directory, settings=settings()) as started:
            yield started


@pytest.fixture(scope="module")
def shop(request):
    """A platform that takes cards."""
    for started in shop_on(request):
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
