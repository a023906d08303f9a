"""The makers drive a case to every state of the chart, with a database and without."""

import makers
import pytest

from mediation.domain.facts import decode
from mediation.services.audit import findings


@pytest.mark.parametrize("state", makers.PATHS)
@pytest.mark.parametrize("workers", [1, 3])
def test_a_case_can_be_made_in_every_state_and_its_books_add_up(transaction, office, state, workers):
    with transaction() as session:
        case = makers.make_case(session, office, state=state, workers=workers)
        assert case.state == state
        assert decode(case.facts).workers == workers
        assert list(findings(session, office.catalogue)) == []


def test_every_state_can_be_made_but_the_one_that_is_passed_through(office):
    chart = office.catalogue.newest("labour_dispute").workflow
    assert set(makers.PATHS) == set(chart.states) - {"agreed"}
