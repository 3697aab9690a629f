"""Events: how many a second come from their commit in an outbox to their effect in another service, on each bus."""

import time

from bench.stage import median, row
from tests.e2e.test_defects import make_showing
from tests.stack.kafka import Kafka

EVENTS = 20_000

# News of so many showings, as catalog records them: each makes booking keep a copy of one.
RECORD = """
INSERT INTO catalog.outbox (topic, key, schema_version, correlation_id, payload)
SELECT o.topic, n::text, o.schema_version, 'bench', jsonb_set(o.payload::jsonb, '{{schedule,id}}', to_jsonb(n))::text
FROM (SELECT * FROM catalog.outbox WHERE topic = 'catalog.schedule_changed' ORDER BY id DESC LIMIT 1) o,
     generate_series({first}, {last}) n"""


def carry(stage, first):
    """Records EVENTS at once; returns how many a second had their effect until the last one had."""
    last = first + EVENTS - 1
    stage.settle()
    stage.platform.database.sql(RECORD.format(first=first, last=last))
    began = time.monotonic()
    while stage.platform.database.sql(f"SELECT count(*) FROM booking.schedule WHERE id BETWEEN {first} AND {last}")[0][0] != str(EVENTS):
        assert time.monotonic() - began < 120, "events are missing"
        time.sleep(0.05)
    return EVENTS / (time.monotonic() - began)


def rates(stage, options, first):
    carry(stage, first)  # the first use of everything
    return [carry(stage, first + (1 + each) * EVENTS) for each in range(options.rounds)]


def figure(bus, found):
    rate = median(found)
    return row(f"events from commit to effect, {bus}", f"{rate:,.0f} /s", "", True, rate=rate)


def run(stage, options):
    make_showing(stage.admin())
    rows = [figure("PostgreSQL", rates(stage, options, 10_000_000))]
    kafka = Kafka(stage.directory / "kafka")
    try:
        stage.platform.restart(BUS_ADAPTER="kafka", KAFKA_BROKERS=kafka.start())
        rows.append(figure("Kafka", rates(stage, options, 20_000_000)))
    finally:
        stage.platform.restart()
        kafka.stop()
    stage.platform.database.sql("DELETE FROM booking.schedule WHERE id >= 10000000")
    return rows
