"""Letters by mail: what they say, and the SMTP server that takes them.

`hand` is to the relay what the operator's gateway is for texts: it takes a letter, refuses it for good,
or nobody knows.
"""

import hashlib
import smtplib
import ssl
from dataclasses import dataclass
from datetime import UTC
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache

from mediation.domain.organisation import Organisation
from mediation.resources import folder
from mediation.services.gateways import Gateway, Outgoing, Refused, Unsure

SECONDS = 5
"""How long the server may take for each of its answers, of which a letter needs ten at most."""
STARTTLS, TLS, PLAIN = "starttls", "tls", "none"


class MailSettings(Exception):
    """Settings of the mail server that cannot be used; says which."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters are handed in and who sends them; no `smtp`, no letters."""

    smtp: str = ""
    sender: str = ""
    user: str = ""
    password: str = ""
    security: str = STARTTLS

    def __post_init__(self) -> None:
        if self.smtp and "@" not in self.sender:
            raise MailSettings("MAIL_FROM must be the address that letters come from")
        if self.security not in (STARTTLS, TLS, PLAIN):
            raise MailSettings(f"MAIL_SECURITY must be {STARTTLS}, {TLS} or {PLAIN}")

    def __bool__(self) -> bool:
        return bool(self.smtp)

    @property
    def place(self) -> tuple[str, int]:
        """Host and port."""
        host, _, port = self.smtp.partition(":")
        return host, int(port or (465 if self.security == TLS else 587))


NO_MAIL = MailServer()
"""No server: no letter is composed."""


@cache
def _letter() -> str:
    return (folder("templates") / "notices" / "letter.txt").read_text("utf-8")


def composed(organisation: Organisation, said: str, number: str, link: str, code: str) -> str:
    """The body of a letter around the text that a phone is told, in Chinese and in English."""
    return _letter().format(
        organisation=organisation.name,
        short=organisation.short,
        phone=organisation.phone,
        address=organisation.address,
        said=said,
        number=number,
        link=link,
        code=code,
    )


def over_smtp(server: MailServer, organisation: Organisation) -> Gateway:
    """A gateway that hands each letter to an SMTP server; what it refuses for good is Refused."""

    def hand(one: Outgoing) -> None:
        try:
            _deliver(server, letter(server, organisation, one))
        except smtplib.SMTPRecipientsRefused as error:
            _judge(min(code for code, _ in error.recipients.values()))
        except smtplib.SMTPDataError as error:
            _judge(error.smtp_code)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            # Who cannot log in, or is no sender there, says nothing about the recipient.
            raise Unsure(type(error).__name__) from None

    return hand


def letter(server: MailServer, organisation: Organisation, one: Outgoing) -> EmailMessage:
    """The letter as it leaves: the same text gives the same one, under the same Message-ID."""
    made = EmailMessage()
    local, _, host = server.sender.rpartition("@")
    subject, _, body = one.body.partition("\n")
    made["From"] = Address(organisation.short, local, host)
    made["To"] = one.phone
    made["Subject"] = subject
    made["Date"] = format_datetime(one.at.astimezone(UTC))
    # Known again when it comes twice; told apart from those of another office on the same host.
    ours = hashlib.sha256(organisation.link_base.encode()).hexdigest()[:8]
    made["Message-ID"] = f"<notice.{one.number}.{ours}@{host}>"
    made["Auto-Submitted"] = "auto-generated"
    made["Content-Language"] = "zh-CN, en"
    made.set_content(body.strip() + "\n", cte="base64")
    return made


def _deliver(server: MailServer, made: EmailMessage) -> None:
    host, port = server.place
    if server.security == TLS:
        line: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=_trusted())
    else:
        line = smtplib.SMTP(host, port, timeout=SECONDS)
    try:
        if server.security == STARTTLS:
            line.starttls(context=_trusted())
        if server.user:
            line.login(server.user, server.password)
        line.send_message(made)
    finally:
        # Not `quit`: it has the letter or it has not, whatever it says to a goodbye.
        line.close()


def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()


def _judge(code: int) -> None:
    if 500 <= code < 600:
        raise Refused(str(code)) from None
    raise Unsure(str(code)) from None
