"""What all messages have in common."""

from dataclasses import Field
from typing import Any, ClassVar, Protocol

from esad_gateway.emcs.messages.groups import Header


class Message(Protocol):
    """Any message: a dataclass with a header, and with the name of the one element in its body."""

    BODY: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def header(self) -> Header:
        """The header of the message."""
