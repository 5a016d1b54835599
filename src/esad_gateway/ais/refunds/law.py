"""What a state asks of who claims duty back: forms, ways to hand them in, and states of a movement that count."""

from datetime import date

from esad_gateway.ais.provenance import Provenance
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class RefundForm:
    """A form that counts from a ``first`` to a ``last`` day; ``purpose`` is a code (``request``, ``set_off``)."""

    code: str
    purpose: str
    first: date
    last: date | None = None
    provenance: Provenance


@frozen(kw_only=True)
class RefundLaw:
    """How duty is claimed back in ``state``: the ``forms``, and the ``channels`` by which they are handed in."""

    state: str
    forms: tuple[RefundForm, ...]
    channels: tuple[str, ...]
    provenance: Provenance
