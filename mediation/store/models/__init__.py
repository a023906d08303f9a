"""The tables: one module an aggregate."""

from mediation.store.models.agents import Agent, AgentSide
from mediation.store.models.base import Base
from mediation.store.models.cases import Case, Entry, Find, Party
from mediation.store.models.contacts import Contact, ContactEvent, MailAddress
from mediation.store.models.events import SecurityEvent
from mediation.store.models.interests import Interest
from mediation.store.models.ledger import AGREED, FoldedTotal, LedgerLine, Total
from mediation.store.models.meetings import Compartment, Draft, Message, Stop, Talk
from mediation.store.models.notices import Code, Handover, OutgoingNotice, SentMessage
from mediation.store.models.papers import Job, Paper
from mediation.store.models.people import Person
from mediation.store.models.replies import Reply
from mediation.store.models.sequences import Sequence
from mediation.store.models.tree import Anchor, Delivery, FrontierRow, Leaf, Node
from mediation.store.models.unsent import Unsent
from mediation.store.models.uploads import UnsentFile, Upload, UploadPart

__all__ = [
    "AGREED",
    "Agent",
    "AgentSide",
    "Anchor",
    "Base",
    "Case",
    "Code",
    "Compartment",
    "Contact",
    "ContactEvent",
    "Delivery",
    "Draft",
    "Entry",
    "Find",
    "FoldedTotal",
    "FrontierRow",
    "Handover",
    "Interest",
    "Job",
    "Leaf",
    "LedgerLine",
    "MailAddress",
    "Message",
    "Node",
    "OutgoingNotice",
    "Paper",
    "Party",
    "Person",
    "Reply",
    "SecurityEvent",
    "SentMessage",
    "Sequence",
    "Stop",
    "Talk",
    "Total",
    "Unsent",
    "UnsentFile",
    "Upload",
    "UploadPart",
]
