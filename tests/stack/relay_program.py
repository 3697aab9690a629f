"""The process of tests/stack/relay.py, which explains it. Arguments: PORT MAILBOX CERTIFICATE KEY."""

import asyncio
import collections
import smtplib
import ssl
import sys
import urllib.parse

from aiosmtpd.smtp import SMTP, AuthResult

STALL_S = 60
LATE_S = 2


class Handler:
    def __init__(self, mailbox):
        place = urllib.parse.urlsplit(mailbox)
        self._mailbox = (place.hostname, place.port)
        self._asked = collections.Counter()

    def _fault(self, recipient):
        """The word for what goes wrong now, or None."""
        word, _, count = recipient.partition(".")[0].partition("-")
        self._asked[recipient] += 1
        return word if not count.isdigit() or self._asked[recipient] <= int(count) else None

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        envelope.fault = self._fault(address)
        if envelope.fault == "later":
            return "451 4.3.0 the mailbox is busy"
        if envelope.fault == "never":
            return "550 5.1.1 there is nobody of that name"
        if envelope.fault == "stall":
            await asyncio.sleep(STALL_S)
        if envelope.fault == "hangup":
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 welcome"

    async def handle_DATA(self, server, session, envelope):
        if envelope.fault == "full":
            return "452 4.2.2 the mailbox is full"
        if envelope.fault == "late":
            await asyncio.sleep(LATE_S)
        if envelope.fault in ("spam", "late"):
            return "554 5.7.1 this looks like spam"
        await asyncio.to_thread(self._hand_on, session, envelope)
        if envelope.fault == "unknown":
            server.transport.abort()
        if envelope.fault == "quit":
            asyncio.get_running_loop().call_soon(server.transport.close)  # when the answer is on its way
        return "250 2.0.0 taken"

    def _hand_on(self, session, envelope):
        how = "TLS" if session.ssl else "plain"
        who = session.auth_data or "nobody"
        trace = f"X-Relay: {how}; {who}\r\n".encode()
        with smtplib.SMTP(*self._mailbox) as onward:
            onward.sendmail(envelope.mail_from, envelope.rcpt_tos, trace + envelope.content)


def authenticate(server, session, envelope, mechanism, data):
    good = data.login == b"ticketshow" and data.password == b"secret"
    return AuthResult(success=good, handled=good, auth_data=data.login.decode() if good else None)


async def serve(port, mailbox, certificate, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    handler = Handler(mailbox)
    loop = asyncio.get_running_loop()

    def make(**options):
        return lambda: SMTP(handler, enable_SMTPUTF8=True, hostname="relay.example", **options)

    await loop.create_server(make(tls_context=context), "127.0.0.1", port)
    await loop.create_server(make(tls_context=context, require_starttls=True, auth_required=True,
                                  authenticator=authenticate), "127.0.0.1", port + 1)
    await loop.create_server(make(), "127.0.0.1", port + 2, ssl=context)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), *sys.argv[2:]))
