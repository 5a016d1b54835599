"""Who may read and present what, whichever door it comes through: asked of the gateway's rooms, without any door."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from esad_gateway.emcs.movement import Origin
from esad_gateway.errors import EsadError, NotFound, NoToken, SignerNotAllowed
from esad_gateway.gateway.access import A_PEER, A_TRADER, Principal
from esad_gateway.gateway.intake import Submission
from esad_gateway.gateway.reading import Reading
from esad_gateway.ports.reading import MailboxQuery, MovementQuery
from helpers.gateway import (
    CONSIGNOR,
    FOREIGN_CONSIGNOR,
    NOW,
    SECOND_CONSIGNOR,
    Box,
    Station,
    copy_of_box,
    new_draft,
)

OWNER, OTHER = Principal(Origin.TRADER, CONSIGNOR), Principal(Origin.TRADER, SECOND_CONSIGNOR)
NOBODY = "LT00000000999"


@dataclass(frozen=True)
class Kept:
    """A gateway with one movement, which is read and not changed."""

    box: Box
    station: Station
    arc: str

    @property
    def reading(self) -> Reading:
        """What principals read."""
        return self.station.runtime.reading


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """Lithuania, with an e-SAD of the consignor."""
    box = copy_of_box(tmp_path_factory.mktemp("box"))
    with box.open("LT") as station:
        receipt = station.take(box.signed(CONSIGNOR, new_draft()))
        yield Kept(box, station, receipt.arc or "")


Read = Callable[[Reading, Principal, str, str], object]
READ: dict[str, Read] = {
    "messages": lambda reading, who, seed, _: reading.page(who, seed, MailboxQuery()),
    "a message": lambda reading, who, seed, _: reading.body(who, seed, 1),
    "acknowledge": lambda reading, who, seed, _: reading.acknowledge(who, seed, 1),
    "movements": lambda reading, who, seed, _: reading.movements(who, seed, MovementQuery()),
    "a movement": lambda reading, who, seed, arc: reading.movement(who, seed, arc),
}
STRANGERS = {
    "another trader": OTHER,
    "nobody": A_TRADER,
    "another administration": Principal(Origin.ADMINISTRATION, "NDEA.PL"),
    "our administration": Principal(Origin.TRADER, "NDEA.LT"),
    "an administration that has proved nothing": A_PEER,
}


def told(read: Read, kept: Kept, who: Principal, seed: str) -> str:
    """What somebody who may not read is told."""
    with pytest.raises(NotFound) as refused:
        read(kept.reading, who, seed, kept.arc)
    return str(refused.value)


@pytest.mark.parametrize("who", STRANGERS.values(), ids=STRANGERS)
@pytest.mark.parametrize("read", READ.values(), ids=READ)
def test_another_traders_data_does_not_exist(kept: Kept, read: Read, who: Principal) -> None:
    """Whoever is not the trader is told what is told about a trader that there is not."""
    assert read(kept.reading, OWNER, CONSIGNOR, kept.arc)

    assert told(read, kept, who, CONSIGNOR) == told(read, kept, who, NOBODY).replace(NOBODY, CONSIGNOR)


@pytest.mark.parametrize("read", READ.values(), ids=READ)
def test_who_has_no_name_has_no_mailbox(kept: Kept, read: Read) -> None:
    """Nobody's name is no name: the mailbox without a name is not everybody's."""
    assert told(read, kept, A_TRADER, "") == "no mailbox "


def test_what_is_not_there_is_not_found_by_its_owner(kept: Kept) -> None:
    """A message and a movement that do not exist are not found, and so is an operator."""
    reading = kept.reading
    with pytest.raises(NotFound, match=f"no message 9 in mailbox {CONSIGNOR}"):
        reading.body(OWNER, CONSIGNOR, 9)
    with pytest.raises(NotFound, match=f"no message 9 in mailbox {CONSIGNOR}"):
        reading.acknowledge(OWNER, CONSIGNOR, 9)
    with pytest.raises(NotFound, match=f"no movement {kept.arc} of {SECOND_CONSIGNOR}"):
        reading.movement(OTHER, SECOND_CONSIGNOR, kept.arc)
    with pytest.raises(NotFound, match=f"no operator {NOBODY}"):
        reading.operator(OWNER, NOBODY, None)


def test_register_is_read_by_all_and_in_full_by_its_holder(kept: Kept) -> None:
    """Everybody reads what is registered today; whom an authorisation names, only its holder."""
    found = [kept.reading.operator(who, CONSIGNOR, None) for who in (OWNER, OTHER)]

    assert [(one.operator.seed, one.on, one.in_full) for one in found] == [
        (CONSIGNOR, NOW.date(), True),
        (CONSIGNOR, NOW.date(), False),
    ]


def test_token_names_its_holder(kept: Kept) -> None:
    """A token makes a principal of whoever shows it, until it is revoked; anything else makes none."""
    registry, access = kept.station.runtime.registry, kept.station.runtime.access
    token = registry.issue_token(SECOND_CONSIGNOR, NOW)

    assert access.bearer(token) == OTHER
    registry.revoke_tokens(SECOND_CONSIGNOR, NOW)
    for wrong in (token, "", "nonsense"):
        with pytest.raises(NoToken):
            access.bearer(wrong)


def taken(station: Station, document: bytes, who: Principal) -> EsadError | None:
    """Why a gateway that is asked by a principal does not take a document; ``None`` when it does."""
    gateway = station.runtime.gateway

    async def asked() -> EsadError | None:
        try:
            await gateway.take(Submission(raw=document, principal=who, channel="test"))
        except EsadError as error:
            return error
        return None

    gateway.writer.start()
    try:
        return asyncio.run(asked())
    finally:
        gateway.writer.stop()


@pytest.mark.parametrize("who", [OWNER, A_TRADER], ids=["by its name", "without a name"])
def test_own_document_may_be_presented(box: Box, lt: Station, who: Principal) -> None:
    """Who has proved its name presents what it has signed, and who has proved nothing is judged by the signature."""
    assert taken(lt, box.signed(CONSIGNOR, new_draft()), who) is None
    assert lt.types(CONSIGNOR) == [("in", "IE815"), ("out", "IE801")]


def test_document_of_somebody_else_is_not_presented(box: Box, lt: Station) -> None:
    """Another trader's signature is no use to who came in by its own name: noted, and in nobody's mailbox."""
    refused = taken(lt, box.signed(CONSIGNOR, new_draft()), OTHER)

    assert isinstance(refused, SignerNotAllowed)
    assert refused.trader == SECOND_CONSIGNOR
    assert lt.rows("message") == []
    assert [row["reason"].partition(":")[0] for row in lt.rows("security_log")] == ["SignerNotAllowed"]


@pytest.mark.parametrize("who", [OTHER, OWNER, A_TRADER], ids=["another", "its sender", "without a name"])
def test_receipt_is_told_to_its_sender_and_to_no_other_name(box: Box, lt: Station, who: Principal) -> None:
    """Bytes that were taken are answered again, though not to who is known to be somebody else."""
    document = box.signed(CONSIGNOR, new_draft())
    lt.take(document)
    lt.runtime.registry.add_certificates(CONSIGNOR, ())
    lt.clock.move(seconds=2)

    assert (taken(lt, document, who) is None) is (who is not OTHER)


def test_receipt_is_told_at_the_door_that_it_was_given_at(tmp_path: Path) -> None:
    """Bytes that an administration sent are news at the traders' door, where their signer may not write."""
    box = copy_of_box(tmp_path)
    with box.open("PL") as pl, box.open("LT") as lt:
        pl.take(box.signed(FOREIGN_CONSIGNOR, new_draft(FOREIGN_CONSIGNOR, "LT00000000102")))
        ((_, document),) = pl.due()
        lt.take(document, Origin.ADMINISTRATION)

        assert isinstance(taken(lt, document, A_TRADER), SignerNotAllowed)
        assert lt.types("NDEA.PL") == [("in", "IE801")]
