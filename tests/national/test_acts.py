"""What was done in national procedures is kept with who did it, in the order in which it was done."""

from datetime import UTC, datetime, timedelta

from esad_gateway.ais.actors import ActorKind, DoneBy
from esad_gateway.ports.national.people import NationalAct
from esad_gateway.store.database import looking, writing
from esad_gateway.store.national.acts import acts_of, note_act
from helpers.gateway import Station

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
PERSON = DoneBy(
    kind=ActorKind.PERSON, name="38001010001", seed="LT00000000103", role="certified_consignee", entity="100000001"
)
LAW = DoneBy(kind=ActorKind.LAW, name="RC-4")


def test_acts_are_read_as_they_were_noted(lt: Station) -> None:
    """By entity, by whoever did it, by what it is about, from a number on, and not more than asked for."""
    with writing(lt.runtime.store.writer) as connection:
        note_act(connection, PERSON, NOW, "saad.entered", "r1", {"version": 2, "tekstas": "šiltas"})
        note_act(connection, LAW, NOW + timedelta(days=1), "case.lapsed", "c1")

    with looking(lt.runtime.store.reader) as driver:
        first, second = acts_of(driver)
        assert first == NationalAct(
            number=1, at=NOW, by=PERSON, what="saad.entered", about="r1", detail={"version": 2, "tekstas": "šiltas"}
        )
        assert (second.by, second.detail) == (LAW, {})
        assert acts_of(driver, entity="100000001") == (first,)
        assert acts_of(driver, name="RC-4") == (second,)
        assert acts_of(driver, about="c1", limit=1) == acts_of(driver, after=1) == (second,)
        assert acts_of(driver, limit=1) == (first,)
