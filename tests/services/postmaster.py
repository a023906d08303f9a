"""A real SMTP server in a thread of its own, for tests: it keeps what it takes and answers as it is told."""

import socket
import ssl
from contextlib import contextmanager
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult


class Postmaster:
    """Takes every letter unless `to` (at the recipient) or `data` (after the letter) says otherwise."""

    def __init__(self):
        self.had, self.secure, self.to, self.data = [], [], iter(()), iter(())

    async def handle_RCPT(self, _server, _session, envelope, address, options):  # noqa: N802 - the library's name
        if answer := next(self.to, None):
            return answer
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, _server, session, envelope):  # noqa: N802 - the same
        answer = next(self.data, None)
        if answer is None or answer.startswith("take"):
            self.had.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
            self.secure.append(session.ssl is not None)
        if answer == "take and say nothing":
            raise ConnectionResetError
        return answer or "250 taken"


class Silent(Controller):
    """A controller whose server may ask for STARTTLS and a login."""

    def __init__(self, postmaster, **how):
        super().__init__(postmaster, hostname="127.0.0.1", port=_free_port())
        self.how = how

    def factory(self):
        return SMTP(self.handler, **self.how)


def _free_port():
    """The controller wants to know its port before it has one."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving(postmaster, certificate=None, password=None):
    """`with serving(postmaster) as place:` its HOST:PORT."""
    how = {}
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        how |= {"tls_context": context, "require_starttls": True}
    if password:

        def check(_server, _session, _envelope, _mechanism, given):
            return AuthResult(success=given.password == password.encode())

        how |= {"authenticator": check, "auth_required": True}
    controller = Silent(postmaster, **how)
    controller.start()
    try:
        yield f"127.0.0.1:{controller.port}"
    finally:
        controller.stop()
