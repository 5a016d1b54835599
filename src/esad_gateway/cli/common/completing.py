"""What a shell offers for a value: names of the standard, and what stands in the data directory that is named before.

A shell asks while somebody types, so nothing here complains: where nothing can be found out, nothing is offered. What
does not begin as the word that is typed is left out by typer.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import typer

from esad_gateway.emcs.codes import StatusType
from esad_gateway.emcs.identifiers import NATIONAL_ADMINISTRATIONS
from esad_gateway.emcs.messages import NAMES
from esad_gateway.errors import EsadError


def messages() -> list[str]:
    """Types of messages, such as IE815."""
    return sorted(NAMES)


def movement_states() -> list[str]:
    """States of a movement, such as X01."""
    return [*StatusType]


def member_states() -> list[str]:
    """Codes of member states."""
    return sorted(NATIONAL_ADMINISTRATIONS)


def addresses() -> list[str]:
    """Addresses of administrations."""
    return [f"NDEA.{state}" for state in sorted(NATIONAL_ADMINISTRATIONS)]


def roles() -> list[str]:
    """As what a trader takes part in a movement."""
    return ["consignor", "consignee"]


def goods() -> list[str]:
    """Kinds of goods that a draft can begin with."""
    from esad_gateway.simulator.goods import Goods  # noqa: PLC0415 - nothing else of it is needed

    return [*Goods]


def explained() -> list[str]:
    """Everything that can be explained by a name of one word."""
    from esad_gateway.explain.glossary import names  # noqa: PLC0415 - as above

    return [name for name in names() if " " not in name]


def seeds(ctx: typer.Context) -> list[str]:
    """SEED numbers of the register, where ``--data`` stands before."""
    from esad_gateway.store.seed_register import SeedRegister  # noqa: PLC0415 - the database is loaded for this alone

    return _stored(ctx, lambda store: (one.operator.seed for one in SeedRegister(store).entries()))


def peers(ctx: typer.Context) -> list[str]:
    """Member states whose administrations are known, where ``--data`` stands before."""
    from esad_gateway.store.registry import Registry  # noqa: PLC0415 - as above

    return _stored(ctx, lambda store: (one[-2:] for one in Registry(store).directory().peers))


def held(ctx: typer.Context) -> list[str]:
    """ARCs of movements whose report of receipt is held, where ``--data`` stands before."""
    from esad_gateway.store.holds import Holds  # noqa: PLC0415 - as above

    return _stored(ctx, lambda store: (one.arc for one in Holds(store).waiting()))


def _stored(ctx: typer.Context, look: Callable[[Any], Iterable[str]]) -> list[str]:
    from esad_gateway.cli.common.administration import opened  # noqa: PLC0415 - as above

    data = ctx.params.get("data")
    with suppress(EsadError, OSError):
        if data is not None:
            with opened(Path(data)) as store:
                return sorted({*look(store)})
    return []
