"""mediation calculate: JSON in, JSON out, and a sentence for each field that is wrong."""

import json

import pytest

from mediation.domain.calculating.kinds import FORMULAS

LEAVE = {
    "kind": "leave",
    "average": "21750",
    "service_years": 3,
    "year": 2026,
    "left": "2026-06-30",
    "taken": 1,
}


def test_one_sum_and_several(mediation, tmp_path):
    file = tmp_path / "sums.json"
    file.write_text(json.dumps(LEAVE), "utf-8")
    one = json.loads(mediation("calculate", str(file)).out)
    assert (one["amount_fen"], one["amount"], one["capitals"]) == (200000, "2000.00", "人民币贰仟元整")
    assert one["rates"][0]["source"] == "人社部发〔2025〕2号"
    assert one["notice"]["en"].startswith("This is a reference, not a decision")
    file.write_text(json.dumps([LEAVE, LEAVE | {"average": 21750.0}]), "utf-8")
    assert [each["amount_fen"] for each in json.loads(mediation("calculate", str(file)).out)] == [
        200000,
        200000,
    ]


def test_the_list_names_every_kind_with_its_fields(mediation):
    listed = json.loads(mediation("calculate", "--list").out)
    assert list(listed["kinds"]) == list(FORMULAS)
    assert listed["kinds"]["leave"]["fields"]["average"]["unit"] == "yuan"
    assert listed["kinds"]["leave"]["fields"]["average"]["required"] is True


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ('{"kind": "leave", "kind": "leave"}', "said twice"),
        ("7", "a sum is an object"),
        ('{"kind": "lottery"}', "kind: must be one of"),
        ('{"kind": "leave", "region": "mars"}', "region: must be one of"),
        (json.dumps(LEAVE | {"colour": "red"}), "colour: This does not belong here"),
        (json.dumps(LEAVE | {"average": ["1"]}), "average: This cannot be read"),
        (json.dumps(LEAVE | {"taken": True}), "taken: This cannot be read"),
        (json.dumps(LEAVE | {"left": 20260630}), "left: This cannot be read"),
        (json.dumps([LEAVE, {"kind": "leave"}]), "sum 2: average: This is missing"),
    ],
)
def test_what_is_wrong_is_named(mediation, tmp_path, text, said):
    file = tmp_path / "sum.json"
    file.write_text(text, "utf-8")
    answer = mediation("calculate", str(file))
    assert answer.status == 2
    assert said in answer.err
    assert not answer.out


def test_without_a_file_it_says_what_to_name(mediation):
    assert mediation("calculate").status == 2
