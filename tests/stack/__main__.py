"""`python3 -m tests.stack start NAME DIRECTORY` starts a server unless it runs there and prints its address; `stop` ends it;
`web mailbox DIRECTORY` prints where the mailbox can be read."""

import importlib
import sys

# name: the module of tests/stack and its class
SERVERS = {
    "kafka": ("kafka", "Kafka"),
    "mailbox": ("mailbox", "Mailbox"),
    "opensearch": ("opensearch", "OpenSearch"),
    "relay": ("relay", "Relay"),
    "sandbox": ("sandbox", "Sandbox"),
    "s3": ("s3", "VersityGateway"),
    "s3-second": ("s3", "SeaweedFS"),
}
USAGE = f"usage: python3 -m tests.stack start|stop|web {'|'.join(SERVERS)} DIRECTORY"


def main(arguments):
    if len(arguments) != 3 or arguments[0] not in ("start", "stop", "web") or arguments[1] not in SERVERS:
        return USAGE
    word, name, directory = arguments
    module, kind = SERVERS[name]
    server = getattr(importlib.import_module(f"tests.stack.{module}"), kind)(directory)
    if word == "stop":
        server.stop()
        return None
    if word == "web":
        print(server.web_address())
        return None
    try:
        print(server.start())
    except RuntimeError as error:
        return str(error)
    return None


sys.exit(main(sys.argv[1:]))
