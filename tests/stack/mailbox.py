"""A real mailbox, maildev: takes every mail by SMTP and shows it in a web page and as JSON. The one that ./run starts too."""

import pathlib
import urllib.request

from tests.stack.server import Server

TOOLS = pathlib.Path(__file__).resolve().parents[2] / "tools/node/node_modules"


class Mailbox(Server):
    name = "maildev"

    def address(self):
        return f"smtp://127.0.0.1:{self.port()}"

    def web_address(self):
        """For people and, below /api, for tests, which get it in TICKETSHOW_TEST_MAILBOX_HTTP."""
        return f"http://127.0.0.1:{self.port('web')}"

    def command(self):
        # As ./run starts it: tools/mailbox.sh.
        return [str(TOOLS.parents[1] / "mailbox.sh"), str(self.port()), str(self.port("web")), str(self.directory / "mail")]

    def healthy(self):
        with urllib.request.urlopen(f"{self.web_address()}/api/healthz", timeout=2) as answer:
            return answer.status == 200
