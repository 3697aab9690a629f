"""The servers of tests/stack: they start, crash, come back where they were, and say why they do not start."""

import pytest

from tests.stack.kafka import Kafka
from tests.stack.server import Server


def test_kafka_comes_back_after_a_crash_where_it_was(tmp_path):
    kafka = Kafka(tmp_path)
    address = kafka.start()
    try:
        first = kafka.running()
        assert Kafka(tmp_path).start() == address, "a second start finds it"
        assert kafka.running() == first
        kafka.kill()
        assert not kafka.running()
        assert kafka.start() == address
        assert kafka.running() != first
    finally:
        kafka.stop()
    assert not kafka.running()
    kafka.stop()  # nothing to do


class Failing(Server):
    name = "the failing one"

    def command(self):
        return ["sh", "-c", "echo no luck today; exit 3"]

    def healthy(self):
        return False


def test_a_server_that_ends_is_told_with_the_end_of_its_log(tmp_path):
    with pytest.raises(RuntimeError, match="(?s)the failing one ended after its start.*no luck today"):
        Failing(tmp_path).start()


class Silent(Failing):
    start_within_s = 0.5

    def command(self):
        return ["sleep", "600"]


def test_a_server_that_never_answers_is_told_and_ended(tmp_path):
    server = Silent(tmp_path)
    with pytest.raises(RuntimeError, match="does not serve after its start"):
        server.start()
    assert not server.running()
