"""The EMCS messages of the e-SAD procedure as frozen values: one module a message, shared groups in ``groups``.

Field order is XML order, a field is the XML name in snake case, and the types say what the schema guarantees.
Nothing here checks a rule: what the schema accepts can be built, and ``emcs.rules`` says what is wrong with it.
"""

from typing import TypeAlias, get_args

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

Message: TypeAlias = (
    IE701
    | IE702
    | IE704
    | IE713
    | IE714
    | IE717
    | IE770
    | IE801
    | IE802
    | IE803
    | IE807
    | IE810
    | IE813
    | IE815
    | IE818
    | IE819
    | IE837
    | IE840
    | IE861
    | IE871
    | IE880
    | IE881
    | IE904
    | IE905
    | IE906
    | IE917
    | IE934
)

MESSAGES: tuple[type[Message], ...] = get_args(Message)
"""All of them, in the order of their numbers."""

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
    "Message",
]
