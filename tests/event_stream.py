"""One reader of server-sent events, which sees what a browser's EventSource sees."""

import json
import socket
import time
import urllib.parse


class EventStream:
    def __init__(self, url, path, last_event_id=None, headers=None):
        parts = urllib.parse.urlsplit(url)
        self.line = socket.create_connection((parts.hostname, parts.port), timeout=10)
        sent = {"Host": parts.netloc, "Accept": "text/event-stream", **(headers or {})}
        if last_event_id is not None:
            sent["Last-Event-ID"] = last_event_id
        lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items()), "", ""]
        self.line.sendall("\r\n".join(lines).encode("latin-1"))
        self.received = b""
        self.ended = False
        self.chunks = None  # of a proxy's answer: what is not taken apart yet
        self.last_id = last_event_id
        head = self.read_up_to(b"\r\n\r\n", 10).decode("latin-1")
        self.status = int(head.split()[1])
        self.headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head.splitlines()[1:])}
        if self.headers.get("transfer-encoding") == "chunked":
            self.chunks, body, self.received = b"", self.received, b""
            self._take(body)

    def read_up_to(self, end, timeout):
        """What comes up to `end`; None when it does not come in time, or the stream ends before."""
        give_up = time.monotonic() + timeout
        while end not in self.received:
            left = give_up - time.monotonic()
            if left <= 0 or self.ended:
                return None
            self.line.settimeout(left)
            try:
                more = self.line.recv(65536)
            except TimeoutError:
                return None
            except ConnectionError:
                more = b""
            self.ended = not more
            self._take(more)
        block, self.received = self.received.split(end, 1)
        return block

    def _take(self, more):
        """Bytes as they came; an empty chunk ends the stream."""
        if self.chunks is None:
            self.received += more
            return
        self.chunks += more
        while b"\r\n" in self.chunks:
            size, _, rest = self.chunks.partition(b"\r\n")
            length = int(size, 16)
            self.ended = self.ended or length == 0
            if length == 0 or len(rest) < length + 2:
                return
            self.received += rest[:length]
            self.chunks = rest[length + 2:]

    def next(self, timeout=5):
        """The next event as (name, data), comments passed over; None when none comes in time."""
        give_up = time.monotonic() + timeout
        while (block := self.read_up_to(b"\n\n", give_up - time.monotonic())) is not None:
            fields = dict(line.split(": ", 1) for line in block.decode().splitlines() if not line.startswith(":"))
            if "data" in fields:
                self.last_id = fields["id"]
                return fields["event"], json.loads(fields["data"])
        return None

    def wait_for(self, condition, timeout=5):
        """The next event of which the condition holds."""
        give_up = time.monotonic() + timeout
        while event := self.next(give_up - time.monotonic()):
            if condition(*event):
                return event
        raise AssertionError("the event did not come")

    def wait_for_end(self, timeout=10):
        give_up = time.monotonic() + timeout
        while not self.ended:
            assert time.monotonic() < give_up, "the stream goes on"
            self.next(give_up - time.monotonic())

    def close(self):
        self.line.close()
