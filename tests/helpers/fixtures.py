"""The message fixtures, read with the gateway's own parser, schemas and binding."""

from functools import cache
from pathlib import Path

from lxml import etree

from esad_gateway.emcs.messages import Message
from esad_gateway.xml.binding import Binder
from esad_gateway.xml.parse import parse
from esad_gateway.xml.schema import SchemaSet

SCHEMAS = Path(__file__).parents[2] / "schemas" / "emcs" / "3.23"


def load(path: Path) -> Message:
    """The message in the file ``path``."""
    return Binder("V3.23").read(parse(path.read_bytes()))


def schema_accepts(path: Path) -> bool:
    """Whether the document in the file ``path`` follows the schema of its message."""
    return accepts(parse(path.read_bytes()))


def accepts(document: etree._Element) -> bool:
    """Whether a document follows the schema of its message."""
    return bool(_schemas().accepts(document))


@cache
def _schemas() -> SchemaSet:
    return SchemaSet.load(SCHEMAS)
