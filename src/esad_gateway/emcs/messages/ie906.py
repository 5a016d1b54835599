"""IE906: functional negative acknowledgement between administrations."""

from typing import ClassVar

from esad_gateway.emcs.messages.fields import repeated
from esad_gateway.emcs.messages.groups import ExciseMovement, FunctionalError, Header
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class IE906:
    """IE906 (C_FUN_NCK): functional negative acknowledgement between administrations."""

    BODY: ClassVar[str] = "FunctionalNegativeAcknowledgement"

    header: Header
    attributes: ExciseMovement | None = None
    functional_error: tuple[FunctionalError, ...] = repeated(1, 999)
