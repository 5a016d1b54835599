"""The EMCS messages of the e-SAD procedure as frozen values: one module a message, shared groups in ``groups``.

Field order is XML order, a field is the XML name in snake case, and the types say what the schema guarantees.
Nothing here checks a rule: what the schema accepts can be built, and ``emcs.rules`` says what is wrong with it.
A message is loaded when it is first asked for: a command that checks one draft has no use for 26 others.
"""

from typing import TYPE_CHECKING, Final

from esad_gateway.emcs.by_need import by_need
from esad_gateway.emcs.messages.message import Message

if TYPE_CHECKING:
    from esad_gateway.emcs.messages.ie701 import IE701
    from esad_gateway.emcs.messages.ie702 import IE702
    from esad_gateway.emcs.messages.ie704 import IE704
    from esad_gateway.emcs.messages.ie713 import IE713
    from esad_gateway.emcs.messages.ie714 import IE714
    from esad_gateway.emcs.messages.ie717 import IE717
    from esad_gateway.emcs.messages.ie770 import IE770
    from esad_gateway.emcs.messages.ie801 import IE801
    from esad_gateway.emcs.messages.ie802 import IE802
    from esad_gateway.emcs.messages.ie803 import IE803
    from esad_gateway.emcs.messages.ie807 import IE807
    from esad_gateway.emcs.messages.ie810 import IE810
    from esad_gateway.emcs.messages.ie813 import IE813
    from esad_gateway.emcs.messages.ie815 import IE815
    from esad_gateway.emcs.messages.ie818 import IE818
    from esad_gateway.emcs.messages.ie819 import IE819
    from esad_gateway.emcs.messages.ie837 import IE837
    from esad_gateway.emcs.messages.ie840 import IE840
    from esad_gateway.emcs.messages.ie861 import IE861
    from esad_gateway.emcs.messages.ie871 import IE871
    from esad_gateway.emcs.messages.ie880 import IE880
    from esad_gateway.emcs.messages.ie881 import IE881
    from esad_gateway.emcs.messages.ie904 import IE904
    from esad_gateway.emcs.messages.ie905 import IE905
    from esad_gateway.emcs.messages.ie906 import IE906
    from esad_gateway.emcs.messages.ie917 import IE917
    from esad_gateway.emcs.messages.ie934 import IE934

    MESSAGES: tuple[type[Message], ...]
    """All of them, in the order of their numbers."""

NAMES: Final = (
    "IE701",
    "IE702",
    "IE704",
    "IE713",
    "IE714",
    "IE717",
    "IE770",
    "IE801",
    "IE802",
    "IE803",
    "IE807",
    "IE810",
    "IE813",
    "IE815",
    "IE818",
    "IE819",
    "IE837",
    "IE840",
    "IE861",
    "IE871",
    "IE880",
    "IE881",
    "IE904",
    "IE905",
    "IE906",
    "IE917",
    "IE934",
)
"""The names of all messages, in the order of their numbers."""

_one_of = by_need(globals(), {name.lower(): name for name in NAMES})


def message_named(name: str) -> type[Message] | None:
    """The message of a name (``IE815``); ``None`` where there is none."""
    return globals().get(name) or _one_of(name) if name in NAMES else None


def __getattr__(name: str) -> object:
    if name == "MESSAGES":
        return globals().setdefault(name, tuple(map(message_named, NAMES)))
    return _one_of(name)


__all__ = [
    "IE701",
    "IE702",
    "IE704",
    "IE713",
    "IE714",
    "IE717",
    "IE770",
    "IE801",
    "IE802",
    "IE803",
    "IE807",
    "IE810",
    "IE813",
    "IE815",
    "IE818",
    "IE819",
    "IE837",
    "IE840",
    "IE861",
    "IE871",
    "IE880",
    "IE881",
    "IE904",
    "IE905",
    "IE906",
    "IE917",
    "IE934",
    "MESSAGES",
    "NAMES",
    "Message",
    "message_named",
]
