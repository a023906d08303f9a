"""Look for every piece of evidence that an entry names, and say what is missing or not what was handed in."""

from collections.abc import Iterator

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from mediation.services.evidence import ADD, original
from mediation.services.offices import Office
from mediation.store.models import Case, Entry
from mediation.store.vault import Spoilt


def findings(session: Session, office: Office) -> Iterator[str]:
    """Yield a sentence for every entry whose original is not exactly what was handed in.

    The clean copies are no finding: they are made again from the originals.  Files that no entry names
    are none either: whoever died before his commit leaves one.
    """
    query = select(Case.number, Case.id, Entry.number, Entry.data).join(Entry, Entry.case_id == Case.id)
    for number, case_id, entry, data in session.execute(query.where(Entry.action == ADD).order_by(Entry.id)):
        if fault := _fault(office, data):
            yield f"{number or f'case {case_id}'}: evidence of entry {entry}: {fault}"


def _fault(office: Office, data: str) -> str:
    try:
        digest = str(msgspec.json.decode(data)["evidence"]["digest"])
        original(office, digest)
    except FileNotFoundError:
        return "its file is missing"
    except OSError as error:
        return f"its file cannot be read: {error.strerror}"
    except Spoilt:
        return "its file was changed, or its key is another"
    except (msgspec.DecodeError, KeyError, TypeError):
        return "it names no file"
    return ""
