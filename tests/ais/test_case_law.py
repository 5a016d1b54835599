"""The law of Lithuania on registrations: rows that fit together, each with a source."""

import pytest

from esad_gateway.ais.provenance import Mark, overlapping
from esad_gateway.ais.registration.acts import ActKind
from esad_gateway.ais.registration.law import CaseTerm
from esad_gateway.ais.registration.states import SECURITY
from esad_gateway.emcs.registry import OperatorType
from helpers.registrations import LAW, SECURED, STATUSES, SUBMITTED, TEMPORARY, VALUES

TOLD_OR_HANDED_IN = [ActKind.SUBMIT, *(kind for kind, values in VALUES.items() if hasattr(values, "channel"))]
every_status = pytest.mark.parametrize("status", STATUSES)


def test_no_status_has_two_procedures_or_terms_on_a_day() -> None:
    """Which of two would count nobody could say."""
    terms = LAW.terms.values()
    kinds = {(one.purpose, status) for one in terms for status in one.statuses}
    alike = [[one for one in terms if one.purpose is purpose and status in one.statuses] for purpose, status in kinds]

    assert [found for rows in alike for found in overlapping(rows)] == []
    for status in STATUSES:
        assert overlapping([one for one in LAW.procedures if one.status is status]) == ()


@every_status
def test_every_act_with_a_channel_has_one(status: OperatorType) -> None:
    """What a status has as an act can be handed in, or told, in some way (to inform somebody takes the decision's)."""
    left_out = {ActKind.INFORM, *(() if status in SECURED else SECURITY)}

    assert [
        kind for kind in TOLD_OR_HANDED_IN if kind not in left_out and not LAW.channels_of(kind, status, SUBMITTED)
    ] == []


@every_status
def test_every_status_has_the_terms_of_its_kind(status: OperatorType) -> None:
    """A decision, a change and the notices always; days of its own where it is temporary, and only there."""
    usual = (CaseTerm.DECISION, CaseTerm.CHANGE, CaseTerm.REGISTRATION_NOTICE, CaseTerm.END_NOTICE)

    assert all(LAW.term(purpose, status, SUBMITTED) for purpose in usual)
    assert (LAW.term(CaseTerm.TEMPORARY, status, SUBMITTED) is not None) == (status in TEMPORARY)
    assert (LAW.term(CaseTerm.SECURITY_DECISION, status, SUBMITTED) is not None) == (status in SECURED)


def test_what_was_not_found_says_so() -> None:
    """The term for certified traders is written nowhere: whoever relies on it sees that (CCE-4, CCR-2)."""
    marks = {name: one.term.provenance.mark for name, one in LAW.terms.items()}

    assert {name for name, mark in marks.items() if mark is Mark.NOT_FOUND} == {
        "consignee_decision",
        "consignor_decision",
    }
    assert all(one.term.provenance.source for one in LAW.terms.values())
