"""Notices go by mail too, through a real server: at least once, to whoever is right at that moment."""

import datetime as time
import ipaddress
import ssl
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st
from makers import act, make_case
from postmaster import Postmaster, serving
from sqlalchemy import select

from mediation.domain.facts import BEIJING
from mediation.domain.fields import Problem
from mediation.domain.mail import mail_address, veiled
from mediation.services import mail, mailboxes, notices, relaying
from mediation.services.gateways import Outgoing, Refused, Unsure
from mediation.services.mail import MailServer, MailSettings, over_smtp
from mediation.services.relaying import Fault
from mediation.services.texting import EMAIL
from mediation.store.cases import party
from mediation.store.models import Case, Handover, SentMessage

NIGHT = datetime(2026, 3, 2, 23, 15, tzinfo=BEIJING)
MINUTE = timedelta(minutes=1)
FROM = "tongzhi@mediation.example"
TO = "hr@firm.example"


@pytest.fixture
def postmaster():
    return Postmaster()


@pytest.fixture
def served(postmaster):
    with serving(postmaster) as place:
        yield MailServer(place, FROM, security=mail.PLAIN)


@pytest.fixture
def posting(office, served):
    """The office with a mail server."""
    return replace(office, mail=served)


@pytest.fixture
def relayed(transaction, posting):
    """One round of the relay over the letters; how many the server took."""
    gateway = over_smtp(posting.mail, posting.organisation)
    return lambda at=NIGHT: relaying.relay(transaction, gateway, at, EMAIL)


@pytest.fixture
def told(transaction, posting):
    """A case whose employer was asked, by phone and by mail, late in the evening."""
    with transaction() as session:
        case = make_case(session, posting, state="contacting", at=NIGHT - timedelta(days=3))
        mailboxes.give(session, party(case, "employer"), TO, "person:1", NIGHT)
        assert notices.send(session, posting, NIGHT)
        return case.id


def letters(transaction):
    with transaction() as session:
        query = select(Handover, SentMessage).join(SentMessage, SentMessage.id == Handover.message_id)
        rows = session.execute(query.where(Handover.way == EMAIL).order_by(Handover.message_id))
        return [(sent.phone, sent.body, row.tries, row.due_at, row.fault) for row, sent in rows]


def test_a_letter_says_number_code_and_link_in_two_languages_and_no_name(
    transaction, posting, postmaster, relayed, told
):
    assert relayed(NIGHT) == 1, "nobody is woken by a letter: it goes at night"
    assert relayed(NIGHT) == 0
    [(to, letter)] = postmaster.had
    with transaction() as session:
        case = session.get_one(Case, told)
        employer, worker = party(case, "employer"), party(case, "worker")
        key, names, code = employer.key, (employer.name, worker.name), notices.notice_code(employer.key)
        message = session.scalars(select(SentMessage.id).where(SentMessage.phone == TO)).one()
    said = letter.get_content()
    assert to == [TO]
    assert f"{posting.organisation.link_base}/k/{key}" in said
    assert code in said
    assert "请贵单位参加劳动争议调解" in said
    assert "Mediation is free" in said
    assert not [name for name in names if name in said or name in letter["Subject"]]
    assert letter["From"].addresses[0].addr_spec == FROM
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"].startswith(f"<notice.{message}.")
    assert letter["Date"].datetime == NIGHT
    assert letter["Subject"] == f"{posting.organisation.short}：2026-000001 / Notice 2026-000001"
    assert all(len(line) <= 998 for line in letter.as_string().splitlines())


def test_without_a_server_no_letter_is_composed(transaction, office):
    with transaction() as session:
        case = make_case(session, office, state="contacting")
        mailboxes.give(session, party(case, "employer"), TO, "person:1", NIGHT)
        assert notices.send(session, office, NIGHT)
    assert letters(transaction) == []


@pytest.mark.parametrize("where", ["to", "data"])
def test_what_the_server_refuses_for_good_came_back_and_is_told(
    transaction, postmaster, relayed, told, where
):
    setattr(postmaster, where, iter(["550 no such mailbox"]))
    assert relayed() == 0
    assert relayed(NIGHT + timedelta(hours=2)) == 0
    [(_, _, _, due, fault)] = letters(transaction)
    assert (due, fault) == (None, Fault.REFUSED)
    assert postmaster.had == []
    with transaction() as session:
        assert relaying.alarms(session, NIGHT + MINUTE, (EMAIL,)) == ["texts that were given up lately: 1"]


@pytest.mark.parametrize("where", ["to", "data"])
def test_a_server_in_trouble_is_asked_again_later_and_later(transaction, postmaster, relayed, told, where):
    setattr(postmaster, where, iter(["451 greylisted"] * 3))
    at, waits = NIGHT, []
    for _ in range(3):
        assert relayed(at) == 0
        [(_, _, _, due, fault)] = letters(transaction)
        assert fault is None
        waits.append((due - at).total_seconds())
        at = due
    assert waits == [5, 10, 20]
    assert relayed(at) == 1
    assert len(postmaster.had) == 1


def test_a_letter_that_the_server_had_without_saying_so_comes_again_and_is_known_again(
    postmaster, relayed, told
):
    postmaster.data = iter(["take and say nothing"])
    assert relayed() == 0
    assert relayed(NIGHT + MINUTE) == 1
    first, second = (letter for _, letter in postmaster.had)
    assert first["Message-ID"] == second["Message-ID"]
    assert first.as_bytes() == second.as_bytes()


def test_an_address_that_was_changed_in_the_meantime_gets_nothing(transaction, postmaster, relayed, told):
    with transaction() as session:
        employer = party(session.get_one(Case, told), "employer")
        assert mailboxes.give(session, employer, "other@firm.example", "person:1", NIGHT)
        assert not mailboxes.give(session, employer, "other@firm.example", "person:1", NIGHT)
    assert relayed() == 0
    assert postmaster.had == []
    assert [row[4] for row in letters(transaction)] == [Fault.NO_LONGER_THEIRS]


def test_who_wants_no_letters_any_more_gets_none(transaction, posting, relayed, told):
    with transaction() as session:
        case = session.get_one(Case, told)
        mailboxes.give(session, party(case, "employer"), "", "party:2", NIGHT)
        act(session, posting, case, "join")
        notices.send(session, posting, NIGHT)
    assert relayed() == 0
    assert len(letters(transaction)) == 1


def test_texts_and_letters_do_not_take_each_others_way(transaction, posting, postmaster, relayed, told):
    morning, texts = NIGHT + timedelta(hours=9), []
    assert relaying.relay(transaction, lambda one: texts.append(one.phone), morning) == 2
    assert sorted(texts) == ["13800000000", "13900000001"]
    assert relayed(morning) == 1
    assert len(postmaster.had) == 1


def test_a_password_is_never_sent_over_an_open_line_and_a_wrong_one_is_nobodys_bounce(postmaster):
    letter = Outgoing(1, TO, "subject\n\nbody", NIGHT)
    with serving(postmaster) as place:
        hand = over_smtp(MailServer(place, FROM, "us", "secret"), _organisation())
        with pytest.raises(Unsure):  # it has no STARTTLS
            hand(letter)
    assert postmaster.had == []


def test_letters_go_encrypted_and_logged_in_where_the_server_wants_that(postmaster, tmp_path, monkeypatch):
    certificate = _certificate(tmp_path)
    letter = Outgoing(1, TO, "subject\n\nbody", NIGHT)
    with serving(postmaster, certificate, "secret") as place:
        server = MailServer(place, FROM, "us", "secret")
        with pytest.raises(Unsure):  # a certificate that nobody vouches for
            over_smtp(server, _organisation())(letter)
        monkeypatch.setattr(mail, "_trusted", lambda: ssl.create_default_context(cafile=certificate))
        over_smtp(server, _organisation())(letter)
        with pytest.raises(Unsure):
            over_smtp(replace(server, password="wrong"), _organisation())(letter)
    assert postmaster.secure == [True]


def test_a_server_that_is_not_there_refuses_nothing():
    with pytest.raises(Unsure):
        over_smtp(MailServer("127.0.0.1:9", FROM, security=mail.PLAIN), _organisation())(
            Outgoing(1, TO, "subject\n\nbody", NIGHT)
        )


def test_a_number_that_means_neither_yes_nor_never_is_asked_again(postmaster):
    postmaster.to = iter(["550 no", "450 later"])
    with serving(postmaster) as place:
        hand = over_smtp(MailServer(place, FROM, security=mail.PLAIN), _organisation())
        with pytest.raises(Refused, match="550"):
            hand(Outgoing(1, TO, "subject\n\nbody", NIGHT))
        with pytest.raises(Unsure, match="450"):
            hand(Outgoing(1, TO, "subject\n\nbody", NIGHT))


@pytest.mark.parametrize("wrong", [{"sender": ""}, {"sender": FROM, "security": "perhaps"}])
def test_settings_that_cannot_be_used_are_told_at_the_start(wrong):
    with pytest.raises(MailSettings):
        MailServer("127.0.0.1:25", **wrong)


# --- addresses ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" HR@Firm.Example ", "HR@firm.example"),
        ("ｈｒ＠firm．example", "hr@firm.example"),
        ("a.b+c_d-1@x-y.example.cn", "a.b+c_d-1@x-y.example.cn"),
        ("", ""),
    ],
)
def test_an_address_is_read_as_it_is_typed(typed, kept):
    assert mail_address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["hr", "hr@", "@firm.example", "hr@firm", "a@b@c.example", "hr@firm.example\nBcc: x@y.example",
     "hr@firm.example,x@y.example", "hr firm@firm.example", "hr@-firm.example", "hr@firm..example",
     "a" * 65 + "@firm.example", "hr@firm.example" * 30, "人事@firm.example", "hr@firm.example\0",
     "<hr@firm.example>", "hr@[127.0.0.1]", ".hr@firm.example", "hr.@firm.example"],
)  # fmt: skip
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(Problem):
        mail_address(typed)


@given(st.text(max_size=80))
def test_no_address_that_is_taken_can_add_a_line_to_a_letter(typed):
    try:
        address = mail_address(typed)
    except Problem:
        return
    assert not set(address) & set('\r\n\0,;<> "')
    assert address == "" or address.isascii()


def test_an_address_is_shown_so_that_only_its_owner_knows_it():
    assert veiled("renshi@firm.example") == "r****@firm.example"


def _organisation():
    from mediation.config import DEFAULTS, organisation

    return organisation(DEFAULTS)


def _certificate(folder):
    """A key and a certificate for 127.0.0.1 in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "postmaster")])
    now = datetime.now(time.UTC)
    here = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - MINUTE).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([here]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    place = folder / "postmaster.pem"
    coded = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    place.write_bytes(coded + made.public_bytes(serialization.Encoding.PEM))
    return str(place)
