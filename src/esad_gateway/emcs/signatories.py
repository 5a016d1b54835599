"""Who may sign what: the trader that a message names as its author, by the role that its type belongs to.

===========  ==========================================================================
IE815        the consignor
IE813        the consignor, whom the message does not name: only the movement knows
IE818 IE819  the consignee
IE837        the submitter, by ``SubmitterIdentification``
IE871        the consignor or the consignee, as ``SubmitterType`` says
all others   an administration, by ``MessageSender``
===========  ==========================================================================
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.emcs.codes import SubmitterType
from esad_gateway.emcs.messages import IE813, IE815, IE818, IE819, IE837, IE871, Message


def trader_of(message: Message) -> str | None:
    """The SEED number of the trader who must have signed ``message``, ``None`` when the message names none.

    That is so for an administration's message, for every IE813, and where an optional group is left out (the consignee
    of an IE819, either trader of an IE871); :func:`written_by_trader` tells the first from the others. Not checked:
    that the number is registered, and that its holder has that role in the movement.
    """
    named = _TRADERS.get(type(message))
    return named(message) if named else None


def written_by_trader(message_type: type[Message]) -> bool:
    """Whether messages of this type are signed by traders, and not by administrations."""
    return message_type in _TRADERS


def _consignor(message: Any) -> str | None:
    return message.consignor_trader.trader_excise_number if message.consignor_trader else None


def _consignee(message: Any) -> str | None:
    return message.consignee_trader.traderid if message.consignee_trader else None


def _submitter(message: IE837) -> str | None:
    return message.attributes.submitter_identification


def _explainer(message: IE871) -> str | None:
    return _EXPLAINERS[message.attributes.submitter_type](message)


def _unnamed(_message: IE813) -> str | None:
    return None


_EXPLAINERS: Final[Mapping[SubmitterType, Callable[[IE871], str | None]]] = MappingProxyType(
    {SubmitterType.CONSIGNOR: _consignor, SubmitterType.CONSIGNEE: _consignee}
)

_TRADERS: Final[Mapping[type[Message], Callable[[Any], str | None]]] = MappingProxyType(
    {IE815: _consignor, IE813: _unnamed, IE818: _consignee, IE819: _consignee, IE837: _submitter, IE871: _explainer}
)
