"""Who signed a message, as far as the holders of its certificate tell, away from every door."""

import pytest

from esad_gateway.emcs.messages import IE801
from esad_gateway.emcs.movement import Origin
from esad_gateway.emcs.procedure.authority import acting_for, author, signer_offline
from esad_gateway.errors import SignerNotAllowed
from helpers.protocol import CONSIGNEE, CONSIGNOR
from helpers.samples import draft, evolve
from helpers.state import State

LITHUANIA = "NDEA.LT"


def e_sad() -> IE801:
    """What Lithuania sends about a draft."""
    message = State("LT").trader(draft()).issues[0].message
    assert isinstance(message, IE801)
    return evolve(message, {"header.message_sender": LITHUANIA})


def test_draft_is_its_consignor_s() -> None:
    """Whoever else holds the certificate, an office too: the draft names its author."""
    assert signer_offline(draft(), frozenset({CONSIGNEE, CONSIGNOR, "LT001000"})) == CONSIGNOR


def test_draft_of_somebody_else_is_not_allowed() -> None:
    """Neither another trader nor an office signs it."""
    for holders in ({CONSIGNEE}, {"LT001000"}):
        with pytest.raises(SignerNotAllowed):
            signer_offline(draft(), frozenset(holders))


def test_office_signs_for_its_own_administration() -> None:
    """And for no other one."""
    assert signer_offline(e_sad(), frozenset({"LT001000"})) == LITHUANIA
    with pytest.raises(SignerNotAllowed):
        signer_offline(e_sad(), frozenset({"PL001000"}))


def test_administration_is_nobody_s_certificate_here() -> None:
    """Without holders only its trust says who signed it; a trader's certificate does not sign for it."""
    assert signer_offline(e_sad(), frozenset()) is None
    with pytest.raises(SignerNotAllowed):
        signer_offline(e_sad(), frozenset({CONSIGNOR}))


def test_refusal_names_for_whom_the_certificate_is_and_is_not() -> None:
    """What a signer reads, and what the log keeps: nobody of that kind, or not the one who is named."""
    trader = frozenset({CONSIGNOR})
    with pytest.raises(SignerNotAllowed, match="is not registered for any administration") as nobody:
        acting_for(trader, Origin.ADMINISTRATION, LITHUANIA)
    with pytest.raises(SignerNotAllowed, match=r"is not registered for NDEA\.LT") as another:
        author(e_sad(), Origin.ADMINISTRATION, frozenset({"NDEA.PL"}))
    assert (nobody.value.holders, another.value.holders) == (trader, frozenset({"NDEA.PL"}))
