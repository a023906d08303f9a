"""The organisation's signature on a few bytes, kept beside them: CMS, as `openssl cms` reads it too."""

from collections.abc import Sequence
from typing import Any

from asn1crypto import (
    cms,
    tsp,  # noqa: F401 - adds to the names of cms, which must be there before cms is first used
)
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7

from mediation.documents.authority import Authority

_OPTIONS = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.NoAttributes]


def sign(content: bytes, authority: Authority) -> bytes:
    """The signature of the sealing key on `content`, its certificate with it, as DER.

    Nothing but the content is signed: no time of this machine's clock.
    """
    certificate = x509.load_der_x509_certificate(authority.signer.certificate.dump())
    key = serialization.load_der_private_key(authority.signer.key.dump(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)  # noqa: S101 - authority.py makes no other
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content).add_signer(certificate, key, hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, _OPTIONS)


def holds(content: bytes, signature: bytes, root_certificates: Sequence[bytes]) -> bool:
    """Whether `signature` is on exactly `content`, by a key that one of the roots (PEM) has certified.

    Raises ValueError for a root that is no certificate, and for nothing that a stranger hands in.
    """
    roots = [x509.load_pem_x509_certificate(root) for root in root_certificates]
    try:
        signed: Any = cms.ContentInfo.load(signature, strict=True)["content"]
        (given,), (info,) = signed["certificates"], signed["signer_infos"]
        certificate = x509.load_der_x509_certificate(given.chosen.dump())
        key: Any = certificate.public_key()
        key.verify(info["signature"].native, content, ec.ECDSA(hashes.SHA256()))
    except Exception:  # a stranger's bytes may be wrong in any way
        return False
    return any(_issued(certificate, root) for root in roots)


def _issued(certificate: x509.Certificate, root: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(root)
    except Exception:  # another issuer, or a signature of his that does not hold
        return False
    return True
