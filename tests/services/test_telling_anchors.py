"""Anchors reach a mailbox over SMTP and get a time stamp over HTTP; whoever is away gets them later."""

import base64
import socketserver
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import makers
import pytest
from asn1crypto import keys, tsp, x509
from cryptography import x509 as certificates
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from makers import make_case
from pyhanko.sign.timestamps import DummyTimeStamper
from sqlalchemy import select

from mediation.documents import stamping
from mediation.domain import anchors as words
from mediation.services import anchoring, witnesses
from mediation.services.telling import tell
from mediation.store.models import Delivery

AT = makers.MONDAY + timedelta(days=30)


@pytest.fixture
def database_kind():
    """What differs between the databases is tested beside the tree."""
    return "sqlite"


@contextmanager
def serving(server):
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Postman(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as one letter needs."""

    def handle(self):
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                letter = []
                while (text := self.rfile.readline()) != b".\r\n":
                    letter.append(text.decode())
                self.server.letters.append("".join(letter))
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
            if word == b"QUIT":
                return


@contextmanager
def mailbox():
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Postman)
    server.daemon_threads, server.letters = True, []
    with serving(server) as port:
        yield port, server.letters


@pytest.fixture(scope="module")
def stamper():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = certificates.Name([certificates.NameAttribute(NameOID.COMMON_NAME, "TSA")])
    built = certificates.CertificateBuilder(name, name, key.public_key(), 1)
    built = built.not_valid_before(datetime(2026, 1, 1, tzinfo=UTC)).not_valid_after(
        datetime(2036, 1, 1, tzinfo=UTC)
    )
    certificate = built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    now = datetime(2026, 4, 1, tzinfo=UTC)
    return DummyTimeStamper(
        x509.Certificate.load(certificate), keys.PrivateKeyInfo.load(private), fixed_dt=now
    )


@contextmanager
def authority(stamper, spoil=lambda request: request):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            answer = stamper.request_tsa_response(spoil(asked)).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *said):
            pass

    with serving(HTTPServer(("127.0.0.1", 0), Handler)) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def anchored(transaction, office):
    """Two anchors that have reached the file only."""
    for hours in (0, 1):
        with transaction() as session:
            make_case(session, office, state="submitted")
        anchoring.keep(transaction, office, AT + timedelta(hours=hours))


def telling(office, **targets):
    return replace(office, anchors=replace(office.anchors, **targets))


def delivered(transaction, target):
    with transaction() as session:
        query = select(Delivery.anchor).where(Delivery.target == target).order_by(Delivery.anchor)
        return session.scalars(query).all()


def test_what_waits_is_mailed_in_one_letter_and_only_once(transaction, office, anchored):
    with mailbox() as (port, letters):
        mailing = telling(office, mail_to="auditor@example.org", mail_from="a@b.cn", smtp=f"127.0.0.1:{port}")
        tell(transaction, mailing, AT)
        tell(transaction, mailing, AT)
    assert len(letters) == 1
    head, _, body = letters[0].partition("\r\n\r\n")
    assert "To: auditor@example.org" in head
    lines = [words.read(line) for line in body.splitlines()]
    assert lines == [words.read(line) for line in office.anchors.file.read_text().splitlines()]
    assert delivered(transaction, "mail") == [1, 2]


def test_a_mail_server_that_is_away_stops_nothing_and_gets_the_letter_later(
    transaction, office, anchored, caplog
):
    with mailbox() as (port, _):
        pass
    mailing = telling(office, mail_to="auditor@example.org", smtp=f"127.0.0.1:{port}")
    tell(transaction, mailing, AT)
    assert "anchors wait: mail" in caplog.text
    assert delivered(transaction, "mail") == []
    with mailbox() as (port, letters):
        tell(transaction, telling(mailing, smtp=f"127.0.0.1:{port}"), AT)
    assert len(letters) == 1


def test_every_anchor_gets_a_time_stamp_that_is_kept_in_its_line(transaction, office, anchored, stamper):
    with authority(stamper) as url:
        tell(transaction, telling(office, tsa_url=url), AT)
    lines, faults = witnesses.lines_of(office.anchors.file)
    assert faults == []
    assert [(line.number, bool(line.token)) for line in lines] == [
        (1, False),
        (2, False),
        (1, True),
        (2, True),
    ]
    for line in lines[2:]:
        assert stamping.imprint(base64.b64decode(line.token)) == line.digest
    with transaction() as session:
        assert list(witnesses.examine(session, office.anchors.file, AT)) == []


def test_a_time_stamp_moved_to_another_anchor_is_found(transaction, office, anchored, stamper):
    with authority(stamper) as url:
        tell(transaction, telling(office, tsa_url=url), AT)
    lines, _ = witnesses.lines_of(office.anchors.file)
    anchoring.append(office.anchors.file, [replace(lines[0], token=lines[3].token)])
    anchoring.append(office.anchors.file, [replace(lines[1], token="bm90aGluZw==")])
    with transaction() as session:
        found = [finding.sentence for finding in witnesses.examine(session, office.anchors.file, AT)]
    assert found == [f"anchor {n}: its time stamp is on something else" for n in (1, 2)]


def test_a_time_stamp_on_something_else_is_refused_and_asked_for_again(
    transaction, office, anchored, stamper, caplog
):
    def other(request):
        request["message_imprint"]["hashed_message"] = b"\0" * 32
        return request

    with authority(stamper, other) as url:
        tell(transaction, telling(office, tsa_url=url), AT)
    assert "something else" in caplog.text
    assert delivered(transaction, "stamp") == []
    with authority(stamper) as url:
        tell(transaction, telling(office, tsa_url=url), AT)
    assert delivered(transaction, "stamp") == [1, 2]


def test_without_targets_nobody_is_told(transaction, office, anchored):
    before = office.anchors.file.read_text()
    tell(transaction, office, AT)
    assert office.anchors.file.read_text() == before
    assert delivered(transaction, "mail") == delivered(transaction, "stamp") == []
