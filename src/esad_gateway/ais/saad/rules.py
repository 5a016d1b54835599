"""The rules of the SAAD list: what is wrong with an entry.

Those of :data:`CONTENT` need nothing but the law of the state and the day, so they are asked offline as well; those of
:data:`CASE` ask the register, and :data:`STANDING` what stands already. What they say are sentences by key:
``SAAD-1.text`` and ``SAAD-1.hint``.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from esad_gateway.ais.saad.document_rules import DOCUMENT_RULES
from esad_gateway.ais.saad.goods_rules import GOODS_RULES
from esad_gateway.ais.saad.mechanism import (
    OUT_OF_SEQUENCE,
    VERSION,
    SaadContext,
    SaadFacts,
    SaadRule,
    in_order,
    run,
)
from esad_gateway.ais.saad.record import SaadEntry
from esad_gateway.ais.saad.register_rules import OWN_ALONE, REGISTER_RULES
from esad_gateway.faults import Faults

CONTENT: Final = (*DOCUMENT_RULES, *GOODS_RULES)
CASE: Final = REGISTER_RULES

OF_ANOTHER_DOCUMENT: Final = SaadRule(number="SAAD-34", item="document", source="SYS-8", stateful=True)
NOT_STANDING: Final = SaadRule(number="SAAD-35", item="document", source="SYS-8", code=OUT_OF_SEQUENCE, stateful=True)
OF_ANOTHER_VERSION: Final = SaadRule(
    number="SAAD-36", item=VERSION, source="SYS-8", code=OUT_OF_SEQUENCE, stateful=True
)
STANDING: Final = (OF_ANOTHER_DOCUMENT, NOT_STANDING, OF_ANOTHER_VERSION)

SAAD_RULES: Final[Mapping[str, SaadRule]] = MappingProxyType({one.number: one for one in (*CONTENT, *CASE, *STANDING)})
"""Every rule by its number."""


def content_faults(entry: SaadEntry, context: SaadContext) -> Faults:
    """Every fault of ``entry`` that shows without register and store, in the order of its fields.

    Not checked: who the consignee is, beside the form of its number; what else the trader has entered.
    """
    return in_order(run(CONTENT, entry, context))


def case_faults(entry: SaadEntry, facts: SaadFacts) -> Faults:
    """Every fault of ``entry`` against the register, in the order of its fields, without those of its content.

    Where the consignee is somebody else, that alone is said: what an authorisation covers, and what is left of it, is
    told to its holder.
    """
    own = entry.consignee == facts.trader
    return in_order(run(CASE if own else (OWN_ALONE,), entry, facts))
