"""What is wrong with messages that an administration makes, by the schemas and the rules on their content."""

from functools import cache

from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.rules import Context, content_faults
from esad_gateway.faults import Fault
from esad_gateway.xml.binding import Binder
from esad_gateway.xml.schema import SchemaSet
from helpers.fixtures import SCHEMAS

VALIDATED = "C149"
"""Forbids traders what marks the validated copy of their message: an administration's copy has it, and must have it."""


def problems(message: Message, context: Context) -> list[Fault]:
    """Every fault that the receiver of ``message`` could find in it without knowing the movement."""
    document = _binder().write(message)
    schemas = _schemas()
    if not schemas.accepts(document):
        return list(schemas.faults(document))
    return [fault for fault in content_faults(message, context) if fault.rule != VALIDATED]


@cache
def _schemas() -> SchemaSet:
    return SchemaSet.load(SCHEMAS)


@cache
def _binder() -> Binder:
    return Binder("V3.23")
