"""The command that hands texts to the gateway and letters to the mail server: relay."""

import logging
import time

import click

from mediation.cli.context import now, opened
from mediation.cli.failing import Failed
from mediation.services import gateways, mail, relaying
from mediation.services.offices import Office
from mediation.services.texting import EMAIL, SMS
from mediation.store.db import transaction

_LOG = logging.getLogger(__name__)


@click.command()
@click.option("--every", type=click.FloatRange(min=0.1), help="Go on, every so many seconds, until ended.")
@click.option("--only", type=click.Choice((SMS, EMAIL)), help="Texts alone, or letters by mail alone.")
def relay(every: float | None, only: str | None) -> None:
    """Hand the texts and letters that wait over; to be run beside the server.

    Any number may run at once; one for each way keeps a slow mail server from holding up codes.
    Without --every: hand over what is due, then end.
    """
    with opened() as office:
        ways = {way: gateway for way, gateway in _gateways(office).items() if only in (None, way)}
        if not ways:
            raise Failed("no gateway: set SMS_GATEWAY_URL or MAIL_SMTP (docs/operations.md)")
        while True:
            try:
                for way, gateway in ways.items():
                    while relaying.relay(transaction, gateway, now(), way):
                        pass
            except Exception:
                if not every:
                    raise
                _LOG.exception("the relay goes on in %s seconds", every)
            if not every:
                return
            time.sleep(every)


def _gateways(office: Office) -> dict[str, gateways.Gateway]:
    """Whom to hand over to, on each way that is configured."""
    found = {}
    if office.gateway:
        found[SMS] = gateways.over_http(office.gateway)
    if office.mail:
        found[EMAIL] = mail.over_smtp(office.mail, office.organisation)
    return found


COMMANDS = (relay,)
"""For mediation.cli.main."""
