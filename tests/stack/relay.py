"""An SMTP relay that hands on what it takes to the mailbox, with the faults that the recipient's address asks for.

It is aiosmtpd (Debian's python3-aiosmtpd), because neither maildev nor Mailpit's chaos can stall or hang up after DATA, and
neither is asked per mail. The local part of the recipient says what goes wrong, and how often before all is well:

    later-N.…     answers 451 to RCPT, N times
    full-N.…      answers 452 to the content, N times
    never.…       answers 550 to RCPT
    spam.…        answers 554 to the content
    late.…        answers 554 to the content, after two seconds
    stall-N.…     does not answer RCPT for a minute, N times
    hangup-N.…    closes the connection at RCPT, N times
    unknown-N.…   takes the mail, hands it on, and closes the connection instead of saying so, N times
    quit.…        takes the mail and closes the connection afterwards, as a server does that has had enough
    anything      is well

Addresses: smtp:// with STARTTLS offered; its port plus one wants STARTTLS and AUTH (user "ticketshow", password "secret"); its
port plus two speaks TLS from the first byte. The certificate for localhost is cert.pem in its directory.
"""

import os
import socket
import subprocess

from tests.stack.server import Server


class Relay(Server):
    name = "the relay with faults"

    def address(self):
        return f"smtp://127.0.0.1:{self.port()}"

    def command(self):
        mailbox = os.environ.get("TICKETSHOW_TEST_MAILBOX")
        if not mailbox:
            raise RuntimeError("the relay hands mail on to the mailbox: start that first and set TICKETSHOW_TEST_MAILBOX")
        certificate, key = self.directory / "cert.pem", self.directory / "key.pem"
        if not certificate.exists():
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                            "-days", "30", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                            "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
        # Debian's own Python, for which aiosmtpd is packaged.
        program = os.path.join(os.path.dirname(__file__), "relay_program.py")
        return ["/usr/bin/python3", program, str(self.port()), mailbox, str(certificate), str(key)]

    def healthy(self):
        with socket.create_connection(("127.0.0.1", self.port() + 2), timeout=2):
            return True
