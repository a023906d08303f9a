"""Tell anchors to others over the network: an auditor's mailbox, a time-stamping authority.

Called by `mediation work` only: nobody's page waits for somebody else's server.
"""

import base64
import logging
import smtplib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage

from mediation.documents import stamping
from mediation.domain.anchors import AnchorLine, AnchorTargets
from mediation.services.anchoring import append, line_of
from mediation.services.offices import Office, Transaction
from mediation.store import tree

SECONDS = 10
"""How long a mail server may take to answer."""
_LOG = logging.getLogger(__name__)

Send = Callable[[AnchorTargets, list[AnchorLine]], None]


def tell(transaction: Transaction, office: Office, at: datetime) -> None:
    """Bring every anchor to the targets that it has not reached; what fails waits for the next call."""
    for target, send, at_a_time in _configured(office.anchors):
        with transaction() as session:
            waiting = [line_of(anchor) for anchor in tree.undelivered(session, target)]
        for first in range(0, len(waiting), at_a_time):
            lines = waiting[first : first + at_a_time]
            try:
                send(office.anchors, lines)
            except Exception as error:
                _LOG.warning("anchors wait: %s: %s", target, error)
                break
            with transaction() as session:
                tree.delivered(session, [line.number for line in lines], target, at)


def _configured(targets: AnchorTargets) -> Iterator[tuple[str, Send, int]]:
    if targets.mail_to and targets.smtp:
        yield "mail", _mail, 100
    if targets.tsa_url:
        yield "stamp", _stamp, 1


def _mail(targets: AnchorTargets, lines: list[AnchorLine]) -> None:
    """All that waits in one letter, a line each, as in the file."""
    letter = EmailMessage()
    letter["From"], letter["To"] = targets.mail_from or targets.mail_to, targets.mail_to
    letter["Subject"] = f"Anchors {lines[0].number} to {lines[-1].number}"
    letter.set_content("".join(line.line() + "\n" for line in lines), cte="7bit")
    host, _, port = targets.smtp.partition(":")
    with smtplib.SMTP(host, int(port or 25), timeout=SECONDS) as server:
        server.send_message(letter)


def _stamp(targets: AnchorTargets, lines: list[AnchorLine]) -> None:
    """The line comes into the file once more, now with its time stamp."""
    for line in lines:
        token = stamping.stamp(targets.tsa_url, line.digest)
        append(targets.file, [replace(line, token=base64.b64encode(token).decode())])
