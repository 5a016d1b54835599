"""IE917: negative acknowledgement of XML: what the schema refused."""

from typing import ClassVar

from esad_gateway.emcs.messages.fields import repeated
from esad_gateway.emcs.messages.groups import ExciseMovement, Header
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class XmlError:
    """``XmlError`` of IE917."""

    error_line_number: int
    error_column_number: int
    error_reason: str
    error_location: str | None = None
    original_attribute_value: str | None = None


@frozen(kw_only=True)
class IE917:
    """IE917 (C_XML_NCK): negative acknowledgement of XML: what the schema refused."""

    BODY: ClassVar[str] = "XmlNegativeAcknowledgement"

    header: Header
    attributes: ExciseMovement | None = None
    xml_error: tuple[XmlError, ...] = repeated(1, 999)
