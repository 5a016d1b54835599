"""IE704: generic refusal: why a trader's message was refused."""

from typing import ClassVar

from esad_gateway.emcs.messages.fields import repeated
from esad_gateway.emcs.messages.groups import FunctionalError, Header
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class Attributes:
    """``Attributes`` of IE704."""

    administrative_reference_code: str | None = None
    sequence_number: int | None = None
    local_reference_number: str | None = None


@frozen(kw_only=True)
class IE704:
    """IE704 (N_REJ_DAT): generic refusal: why a trader's message was refused."""

    BODY: ClassVar[str] = "GenericRefusalMessage"

    header: Header
    attributes: Attributes | None = None
    functional_error: tuple[FunctionalError, ...] = repeated(1, 999)
