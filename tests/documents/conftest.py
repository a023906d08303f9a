"""One sealing authority for all tests of papers."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sample_papers import make_paper

from mediation.documents import agreement, signing
from mediation.documents.authority import Authority, create

SEALED_AT = datetime(2026, 4, 9, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return create(tmp_path_factory.mktemp("authority"), "北京市示范区总工会劳动争议调解中心")


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return create(tmp_path_factory.mktemp("stranger"), "北京市示范区总工会劳动争议调解中心")


@pytest.fixture(scope="session")
def plain() -> bytes:
    return agreement.render(make_paper(2))


@pytest.fixture(scope="session")
def sealed(plain: bytes, authority: Authority) -> bytes:
    return signing.certify(plain, authority, at=SEALED_AT, reason="调解协议书生效")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"
