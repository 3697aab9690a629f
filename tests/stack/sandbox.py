"""The card sandbox: it speaks the API of Dodo Payments, see sandbox/README.md. The one that ./run starts too.

A test that turns switches begins a sandbox of its own in it: POST /sandbox/others.
"""

import pathlib
import urllib.request

from tests.stack.server import Server

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Sandbox(Server):
    name = "the card sandbox"

    def __init__(self, directory, webhook_url=None):
        super().__init__(directory)
        self.webhook_url = webhook_url

    def address(self):
        return f"http://127.0.0.1:{self.port()}"

    def settings_file(self):
        """The lines NAME=VALUE by which the platform reaches it, with the secrets. There once it has started."""
        return self.directory / "platform.env"

    def command(self):
        told = ["--webhook-url", self.webhook_url] if self.webhook_url else []
        return [str(ROOT / "tools/sandbox.sh"), "--directory", str(self.directory), "--port", str(self.port()), *told]

    def settings(self):
        """The platform's settings for it, without their TICKETSHOW_. Once it has started."""
        lines = self.settings_file().read_text(encoding="utf-8").splitlines()
        return dict(line.removeprefix("TICKETSHOW_").split("=", 1) for line in lines if line.startswith("TICKETSHOW_"))

    def healthy(self):
        with urllib.request.urlopen(f"{self.address()}/sandbox/health", timeout=2) as answer:
            return answer.status == 200
