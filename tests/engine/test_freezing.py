"""A published version is as it was published, or nothing starts."""

import hashlib

import pytest
from little_chart import CHART, registry

from mediation.engine.catalogue import gather
from mediation.engine.freezing import LIST, AlreadyPublished, publish
from mediation.engine.refusals import WorkflowError

DIGEST = hashlib.sha256(CHART.encode()).hexdigest()


@pytest.fixture
def charts(tmp_path):
    (tmp_path / "lending.yaml").write_text(CHART)
    publish(tmp_path, gather(tmp_path, registry())["lending", 1].workflow)
    return tmp_path


def refused(charts):
    with pytest.raises(WorkflowError) as said:
        gather(charts, registry())
    return said.value.faults


def test_a_published_version_is_listed_with_its_digest_and_starts(charts):
    assert (charts / LIST).read_text() == f"lending 1 {DIGEST}\n"
    assert gather(charts, registry())["lending", 1].workflow.digest == DIGEST


def test_a_published_version_is_not_published_again(charts):
    with pytest.raises(AlreadyPublished, match="lending version 1"):
        publish(charts, gather(charts, registry())["lending", 1].workflow)
    assert (charts / LIST).read_text() == f"lending 1 {DIGEST}\n"


def test_one_changed_letter_of_a_published_file_is_named_with_both_digests(charts):
    text = CHART.replace("好评", "差评")
    (charts / "lending.yaml").write_text(text)
    found = hashlib.sha256(text.encode()).hexdigest()
    assert refused(charts) == [
        (
            f"lending.yaml: lending version 1 was published with SHA-256 {DIGEST} and now has {found}:"
            " a change needs a new version"
        )
    ]


def test_a_new_version_beside_it_starts_and_can_be_published(charts):
    (charts / "second.yaml").write_text(CHART.replace("version: 1", "version: 2"))
    found = gather(charts, registry())
    publish(charts, found["lending", 2].workflow)
    assert len((charts / LIST).read_text().splitlines()) == 2
    gather(charts, registry())


def test_a_published_version_that_is_gone_is_named(charts):
    (charts / "lending.yaml").write_text(CHART.replace("version: 1", "version: 2"))
    assert refused(charts) == [f"{LIST}: lending version 1 was published, and no sound file holds it"]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("lending 1", "must be a name, a version and a SHA-256"),
        (f"lending one {DIGEST}", "must be a name, a version and a SHA-256"),
        (f"lending 1 {DIGEST[:-1]}", "must be a name, a version and a SHA-256"),
        (f"lending 1 {DIGEST.upper()}", "must be a name, a version and a SHA-256"),
        (f"lending 1 {DIGEST}", "lending version 1 stands here twice"),
    ],
)
def test_a_list_that_cannot_be_read_is_named_with_its_line(charts, line, what):
    with (charts / LIST).open("a") as out:
        out.write(f"# a remark\n{line}\n")
    assert f"{LIST}:3: {what}" in refused(charts)
