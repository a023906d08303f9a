"""Mail addresses of parties: the newest row counts, and what was before stays to be read.

An address is told what a phone is told, the link of its party; codes go to phones alone.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mediation.store.models import MailAddress, Party


def address_of(session: Session, party: Party) -> str:
    """Where a party gets mail; empty where it gets none."""
    query = select(MailAddress.address).where(MailAddress.party_id == party.id)
    return session.scalars(query.order_by(MailAddress.id.desc()).limit(1)).first() or ""


def addresses(session: Session, party: Party) -> list[str]:
    """Every address that a party ever had, the newest first."""
    query = select(MailAddress).where(MailAddress.party_id == party.id).order_by(MailAddress.id.desc())
    return [row.address for row in session.scalars(query)]


def give(session: Session, party: Party, address: str, by: str, at: datetime) -> bool:
    """From now on this is its address, or with an empty one it gets no mail; False if it is so already.

    `by` is an actor's id.  The caller commits.
    """
    if address_of(session, party) == address:
        return False
    session.add(MailAddress(party_id=party.id, address=address, given_by=by, at=at))
    session.flush()
    return True
