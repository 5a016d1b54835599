"""Assesses duty for whoever asks: what is asked is read and bounded here, for every door."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from esad_gateway.ais.domain import NationalDomain
from esad_gateway.ais.duty.amiss import MOST_LINES, duty_fault
from esad_gateway.ais.duty.assessing import Assessment, asked_amiss, assess
from esad_gateway.ais.duty.goods import DutyQuestion, ExciseGoods, goods_of
from esad_gateway.ais.duty.law import DutyLaw
from esad_gateway.emcs.messages import IE801, IE815, Message
from esad_gateway.errors import ComposeRefused, NotFound
from esad_gateway.faults import said
from esad_gateway.frozen import frozen
from esad_gateway.national.tariffs import duty_law
from esad_gateway.place import Place
from esad_gateway.xml.plain import group_from_plain

_GOODS: Final = "goods"


@frozen
class DutyDesk:
    """Assesses by the tariffs of a domain, and of the data directory ``root``; ``today`` is the present day there."""

    domain: NationalDomain
    root: Path | None
    today: Callable[[], date]

    def law(self) -> DutyLaw:
        """The tariffs as they are now. Raises NotFound where the domain has none, and NotConfigured."""
        found = duty_law(self.domain, self.root)
        if found is None:
            raise NotFound(said("duty.no_tariffs", state=self.domain.state))
        return found

    def assess(self, question: DutyQuestion) -> Assessment:
        """The duty on goods, or why a line has none. Raises ComposeRefused where nothing is asked, or too much."""
        if faults := asked_amiss(question.goods):
            raise ComposeRefused(faults)
        return assess(question.goods, question.on or self.today(), self.law())


def question_of(data: Any) -> DutyQuestion:
    """What plain data ask. Raises ComposeRefused with every fault of their form, before too many lines are read."""
    goods = data.get(_GOODS) if isinstance(data, Mapping) else None
    if isinstance(goods, list) and len(goods) > MOST_LINES:
        raise ComposeRefused((duty_fault("too_many", Place(in_data=True) / _GOODS, len(goods), most=MOST_LINES),))
    return group_from_plain(data, DutyQuestion)


def goods_in(message: Message) -> tuple[ExciseGoods, ...]:
    """The goods that a draft or an e-SAD names, in its order; none of another message."""
    match message:
        case IE801() | IE815():
            return tuple(map(goods_of, message.body_ead_esad))
        case _:
            return ()
