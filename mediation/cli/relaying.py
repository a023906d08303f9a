"""The command that hands texts to the gateway: relay."""

import logging
import time

import click

from mediation.cli.context import now, opened
from mediation.cli.failing import Failed
from mediation.services import gateways, relaying
from mediation.store.db import transaction

_LOG = logging.getLogger(__name__)


@click.command()
@click.option("--every", type=click.FloatRange(min=0.1), help="Go on, every so many seconds, until ended.")
def relay(every: float | None) -> None:
    """Hand the texts that wait to the gateway; to be run beside the server.

    Any number may run at once.  Without --every: hand over what is due, then end.
    """
    with opened() as office:
        if not office.gateway:
            raise Failed("no gateway: set SMS_GATEWAY_URL (docs/operations.md)")
        gateway = gateways.over_http(office.gateway)
        while True:
            try:
                while relaying.relay(transaction, office, gateway, now()):
                    pass
            except Exception:
                if not every:
                    raise
                _LOG.exception("the relay goes on in %s seconds", every)
            if not every:
                return
            time.sleep(every)


COMMANDS = (relay,)
"""For mediation.cli.main."""
