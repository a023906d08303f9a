"""What is done after a commit: papers, notices and anchors, each in a transaction of its own."""

from datetime import datetime

from mediation.services import anchoring, notices, papers
from mediation.services.offices import Office, Transaction

__all__ = ["Transaction", "carry_out", "make_papers", "settle"]


def settle(transaction: Transaction, office: Office, at: datetime) -> None:
    """Make the papers, send the notices that wait, and anchor the log if it is time.

    Whatever fails here stays waiting in its row and is taken up by the next call, by
    `mediation work`, or by whoever asks for the paper.
    """
    try:
        carry_out(transaction, office, at)
    finally:
        anchoring.keep(transaction, office, at)


def carry_out(transaction: Transaction, office: Office, at: datetime) -> None:
    """Make the papers and send the notices that wait, as of `at`, which may be long ago."""
    try:
        make_papers(transaction, office, at)
    finally:  # nobody waits for his notice because somebody else's paper cannot be printed
        with transaction() as session:
            notices.send(session, office, at)


def make_papers(transaction: Transaction, office: Office, at: datetime) -> None:
    """Make every paper that waits.  Raises what stopped one of them, once the others are made."""
    with transaction() as session:
        jobs = papers.claim_jobs(session, at)
    stopped: list[Exception] = []
    for job in jobs:
        try:
            _make(transaction, office, job, at)
        except Exception as error:
            stopped.append(error)
    if stopped:
        raise stopped[0]


def _make(transaction: Transaction, office: Office, job: int, at: datetime) -> None:
    """One paper: read, then printed without holding a lock, then registered."""
    with transaction() as session:
        plan = papers.plan(session, office, job)
    pdf = papers.printed(plan, office)
    with transaction() as session:
        papers.register(session, office, plan, pdf, at)
