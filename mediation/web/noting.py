"""What a request leaves in the book of security events, whatever it came to: a refusal, a look at a case.

Written after the answer was made and before it is sent: what cannot be written down is not shown.
"""

import hashlib
import hmac
import ipaddress
from datetime import datetime

from flask import Response, current_app, request
from flask_login import current_user
from sqlalchemy import select

from mediation.domain.events import Event, What
from mediation.domain.facts import BEIJING
from mediation.engine.asking import Actor
from mediation.services import events, limits
from mediation.store import cases
from mediation.store.db import db, transaction
from mediation.store.models import Case
from mediation.web.context import now
from mediation.web.opened import STAFF

LETTERS = 16
"""Hexadecimal letters of the hash of an address: enough to see that two are one."""


def remember() -> None:
    """Keep keyed hashes of the address that asks and of its network with the session, and neither of them."""
    if request.endpoint != "static":
        asks = request.remote_addr or ""
        info = db.session().info
        info[events.ADDRESS] = _hash(asks)
        info[limits.NETWORK] = _hash(net) if (net := network_of(asks)) else ""


def network_of(address: str) -> str:
    """The part of an address that who has it cannot change: /24 of IPv4, /64 of IPv6; "" for this machine."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    ip = getattr(ip, "ipv4_mapped", None) or ip
    if ip.is_loopback:
        return ""
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 64), strict=False))


def _hash(said: str) -> str:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()[:LETTERS]


def note(response: Response) -> Response:
    """Write down a refusal, and the first look of the day that a member of staff takes at a case."""
    if request.endpoint in (None, "static") or not current_user.is_authenticated:
        return response
    actor: Actor = current_user.actor
    ref = (request.view_args or {}).get("ref")
    refused = response.status_code == 403 or (response.status_code == 404 and _hidden(actor, ref))
    if refused:
        _once(What.REFUSED, actor, ref, now() - events.AGAIN)
    elif ref and actor.role in STAFF and response.status_code == 200:
        today = now().astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
        _once(What.CASE_READ, actor, ref, today)
    return response


def _hidden(actor: Actor, ref: str | None) -> bool:
    """Whether the address names a case that is not the visitor's, or nobody's."""
    return ref is not None and "\0" not in ref and cases.find(db.session(), actor, ref) is None


def _once(what: What, actor: Actor, ref: str | None, since: datetime) -> None:
    known = select(Case.id).where(Case.ref == ref) if ref and "\0" not in ref else None
    case_id = None if known is None else db.session().scalars(known).one_or_none()
    event = Event(what, actor.id, case_id=case_id)
    if events.told(db.session(), event, since):
        return
    with transaction() as session:
        if not events.told(session, event, since):
            events.record(session, event, now())
