"""A local certificate authority: the key an organisation seals papers with, and its time stamps.

It stands in for a licensed certification service, so that everything works on one machine. What it
signs is trusted by whoever holds its root certificate and by nobody else.
"""

import os
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from asn1crypto import keys, pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ROOT_FILE: Final = "root.pem"
"""The only file to hand out: whoever has it can check our papers."""

_SECRET_FILE = "authority.pem"  # noqa: S105  a file name
# Fixed, not counted from today: an old case signed again must not precede its certificate, and a
# paper must not stop being genuine because a local certificate ran out.
_FROM = datetime(2000, 1, 1, tzinfo=UTC)
_UNTIL = datetime(2099, 12, 31, tzinfo=UTC)
_NAME_OCTETS = 64

_Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class AuthorityMissing(RuntimeError):
    """There is no usable authority in the folder; the text says what is wrong."""


@dataclass(frozen=True, slots=True)
class Party:
    """A certificate with its private key, as pyHanko wants them."""

    certificate: asn1_x509.Certificate
    key: keys.PrivateKeyInfo


@dataclass(frozen=True, slots=True)
class Authority:
    """The organisation's sealing key, the time-stamp key, and the root both descend from."""

    organisation: str
    root: bytes
    signer: Party
    timestamper: Party


def create(folder: Path, organisation: str) -> Authority:
    """Make an authority in a folder, or load the one that is there, whatever its name.

    Safe to call at every start and by several processes at once: the first one wins.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (folder / _SECRET_FILE).exists():
        _put_first(folder / _SECRET_FILE, _issue(organisation))
    made = load(folder)
    if not (folder / ROOT_FILE).exists():
        _put_first(folder / ROOT_FILE, made.root)
    return made


def load(folder: Path) -> Authority:
    """Read an authority with its keys. Raises AuthorityMissing."""
    try:
        blocks = list(pem.unarmor((folder / _SECRET_FILE).read_bytes(), multiple=True))
        _, root, key, certificate, stamp_key, stamp_certificate = (der for _, _, der in blocks)
        signer = _party(key, certificate)
        organisation = signer.certificate.subject.native["organization_name"]
        return Authority(organisation, _armour(root), signer, _party(stamp_key, stamp_certificate))
    except FileNotFoundError:
        raise AuthorityMissing(f"no sealing key in {folder}; create an authority first") from None
    except (ValueError, KeyError, TypeError) as damage:
        raise AuthorityMissing(f"{folder / _SECRET_FILE} is damaged: {damage}") from damage


def roots(folder: Path) -> tuple[bytes, ...]:
    """The root certificates papers are checked against; needs no private key."""
    path = folder / ROOT_FILE
    if not path.is_file():
        raise AuthorityMissing(f"no {ROOT_FILE} in {folder}; create an authority first")
    return (path.read_bytes(),)


def _issue(organisation: str) -> bytes:
    """Root, signer and time stamper: three keys and certificates, as one PEM text."""
    root_key = ec.generate_private_key(ec.SECP256R1())
    root_name = _subject(organisation, " 根证书")
    root = (
        _draft(root_name, root_name, root_key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    key = ec.generate_private_key(ec.SECP256R1())
    signer = (
        _draft(_subject(organisation, ""), root_name, key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    # pyHanko's in-process time stamper signs with RSA only.
    stamp_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    stamper = (
        _draft(_subject(organisation, " 时间戳"), root_name, stamp_key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    pairs = ((root_key, root), (key, signer), (stamp_key, stamper))
    return b"".join(_secret(key) + one.public_bytes(Encoding.PEM) for key, one in pairs)


def _draft(subject: x509.Name, issuer: x509.Name, key: _Key) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder(subject_name=subject, issuer_name=issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_FROM)
        .not_valid_after(_UNTIL)
    )


def _subject(organisation: str, suffix: str) -> x509.Name:
    """The organisation's whole name, and as common name what X.509 has room for."""
    room = _NAME_OCTETS - len(suffix.encode())
    common = organisation.encode()[:room].decode(errors="ignore") + suffix
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _usage(
    *,
    digital_signature: bool = False,
    content_commitment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )


def _secret(key: _Key) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _party(key: bytes, certificate: bytes) -> Party:
    return Party(
        asn1_x509.Certificate.load(certificate, strict=True),
        keys.PrivateKeyInfo.load(key, strict=True),
    )


def _armour(der: bytes) -> bytes:
    return bytes(pem.armor("CERTIFICATE", der))


def _put_first(path: Path, content: bytes) -> None:
    """Write a file only its owner may read, whole or not at all, never over an existing one."""
    handle, part = tempfile.mkstemp(dir=path.parent)  # mkstemp gives mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(part, path)
    except FileExistsError:
        pass  # another process was first; its keys are the ones to use
    finally:
        Path(part).unlink()
