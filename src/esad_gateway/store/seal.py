"""The digest of what no document determines: register, certificates, agents, tokens, roles, guarantees and so on."""

from hashlib import sha256
from typing import Final, NamedTuple

from sqlalchemy import Connection, insert, select, update

from esad_gateway.store import tables
from esad_gateway.store.national import case_tables, declaration_tables, due_tables, guarantee_tables, people_tables

_version = tables.registry_version.c

SEALED: Final = (
    tables.operator,
    tables.office,
    tables.certificate,
    tables.delegation,
    tables.peer,
    tables.token,
    tables.registry_version,
    people_tables.entity,
    people_tables.person,
    people_tables.entity_number,
    people_tables.role_grant,
    people_tables.person_token,
    due_tables.due_feed,
    guarantee_tables.guarantee,
    guarantee_tables.guarantee_entry,
    guarantee_tables.guarantee_amount,
    case_tables.registration_case,
    case_tables.case_act,
    case_tables.case_paper,
    case_tables.case_notice,
    case_tables.number_line,
    declaration_tables.declaration,
)
"""The tables that change by acts of the administration, or of another one about its own operators."""

_ONE_MORE = update(tables.registry_version).values(changes=_version.changes + 1)
_COUNTED: Final = {False: _ONE_MORE, True: _ONE_MORE.values(version=_version.version + 1)}
"""How a change is counted, by whether the directory shows it."""


class Seal(NamedTuple):
    """The digest of the tables after so many changes."""

    changes: int
    digest: bytes


def changes_of(connection: Connection) -> int:
    """The number of changes of these tables so far."""
    return connection.execute(select(_version.changes)).scalar() or 0


def seal_of(connection: Connection) -> Seal:
    """The present seal; reads every row of the tables."""
    digest = sha256()
    for table in SEALED:
        digest.update(f"{table.name}\n".encode())
        rows = connection.execute(select(table).order_by(*table.primary_key))
        for row in rows:
            digest.update(repr(tuple(row)).encode() + b"\n")
    return Seal(changes_of(connection), digest.digest())


def note_change(connection: Connection, *, of_directory: bool) -> None:
    """Count a change of the tables. With ``of_directory`` a running gateway reads its directory anew."""
    if not connection.execute(_COUNTED[of_directory]).rowcount:
        connection.execute(insert(tables.registry_version), {"version": int(of_directory), "changes": 1})
