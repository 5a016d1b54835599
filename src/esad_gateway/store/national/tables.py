"""All tables of national procedures, in the metadata of all others: each part adds its module here."""

from typing import Final

from esad_gateway.store.national import (
    case_tables,
    declaration_tables,
    due_tables,
    guarantee_tables,
    people_tables,
    sign_in_tables,
)

PARTS: Final = (people_tables, guarantee_tables, case_tables, sign_in_tables, declaration_tables, due_tables)
"""The modules of tables."""
