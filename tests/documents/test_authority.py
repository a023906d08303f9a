import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from asn1crypto import pem, x509

from mediation.documents.authority import AuthorityMissing, create, load, roots


def test_making_an_authority_twice_keeps_the_first(folder: Path):
    first = create(folder, "甲调解中心")
    again = create(folder, "乙调解中心")
    assert again.root == first.root == roots(folder)[0]
    assert again.signer.key.dump() == first.signer.key.dump()
    assert load(folder).organisation == "甲调解中心"


def test_ten_starts_at_once_agree_on_one_authority(folder: Path):
    with ThreadPoolExecutor(10) as pool:
        made = list(pool.map(lambda _: create(folder, "甲调解中心").signer.key.dump(), range(10)))
    assert len(set(made)) == 1


def test_only_the_owner_may_read_what_is_written(folder: Path):
    create(folder, "甲调解中心")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
    assert modes == {"authority.pem": 0o600, "root.pem": 0o600}


def test_the_root_file_holds_no_private_key(folder: Path):
    create(folder, "甲调解中心")
    assert b"PRIVATE" not in roots(folder)[0]
    assert x509.Certificate.load(pem.unarmor(roots(folder)[0])[2]).ca


def test_keys_are_of_the_kinds_agreed(folder: Path):
    made = create(folder, "甲调解中心")
    assert made.signer.certificate.public_key.algorithm == "ec"
    assert made.signer.certificate.public_key.curve == ("named", "secp256r1")
    assert made.timestamper.certificate.public_key.algorithm == "rsa"
    assert made.timestamper.certificate.extended_key_usage_value.native == ["time_stamping"]
    assert not made.signer.certificate.ca


def test_a_long_name_is_kept_whole(tmp_path: Path):
    name = "北京市东城区劳动人事争议一站式多元化解中心职工服务中心工会劳动争议调解室"
    assert create(tmp_path / "keys", name).organisation == name


@pytest.mark.parametrize("content", [None, b"", b"rubbish", b"-----BEGIN X-----\nAAAA\n-----END X-----\n"])
def test_a_missing_or_damaged_authority_is_said_in_one_sentence(tmp_path: Path, content: bytes | None):
    if content is not None:
        (tmp_path / "authority.pem").write_bytes(content)
    with pytest.raises(AuthorityMissing, match=r"authority"):
        load(tmp_path)


def test_no_root_is_said_too(tmp_path: Path):
    with pytest.raises(AuthorityMissing, match=r"root\.pem"):
        roots(tmp_path)
