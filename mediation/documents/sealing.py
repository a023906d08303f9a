"""Puts the certification signature on a PDF; call it through ``signing.certify``."""

import io
from datetime import datetime
from typing import Any, Final

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers, timestamps
from pyhanko_certvalidator.registry import SimpleCertificateStore

from mediation.documents.authority import Authority

FIELD: Final = "Organisation"
"""Name of the one signature field of a paper."""


def seal(pdf: bytes, authority: Authority, at: datetime | None, reason: str) -> bytes:
    """Certify with no changes allowed; the given bytes stay an exact prefix of the result."""
    party, stamp = authority.signer, authority.timestamper
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        subfilter=fields.SigSeedSubFilter.PADES,
        name=authority.organisation,
        reason=reason,
    )
    signer = _DatedSigner(
        metadata,
        # The root is left out: who checks must have it already, and could not trust ours anyway.
        signers.SimpleSigner(party.certificate, party.key, _no_other_certificates(), embed_roots=False),
        timestamper=timestamps.DummyTimeStamper(stamp.certificate, stamp.key, fixed_dt=at),
    )
    signer.at = at
    sealed = io.BytesIO()
    signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), output=sealed)
    return sealed.getvalue()


def _no_other_certificates() -> Any:
    return SimpleCertificateStore()  # type: ignore[no-untyped-call]  # pyHanko left it untyped


class _DatedSigner(signers.PdfSigner):
    """Takes the stated time as a value where pyHanko would ask the clock."""

    at: datetime | None = None

    def init_signing_session(self, *args: Any, **options: Any) -> Any:
        session = super().init_signing_session(*args, **options)
        session.system_time = self.at or session.system_time
        return session
