"""Two member states to measure with, made by the very build that is measured: its stores have its own form.

``python prepared.py FOLDER KIND`` runs under the interpreter of that build, which may be an older one; so it imports
only what every build has, and nothing beside it in this folder.
"""

import json
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from esad_gateway.emcs.registry import Operator
from esad_gateway.provision import issue_certificate
from esad_gateway.signing.pem import write_certificate, write_key
from esad_gateway.signing.pki import KeyKind
from esad_gateway.simulator.box import Member, provision
from esad_gateway.simulator.exchange import OPERATORS, ZONES
from esad_gateway.store.registry import Registry
from esad_gateway.store.store import SqlStore

TRADERS: Final = 8
"""Consignors, and as many consignees: a group of a loaded gateway comes from many."""


def numbered(like: Operator) -> tuple[Operator, ...]:
    """Operators like one, with SEED numbers that count up from it."""
    state, number = like.seed[:2], int(like.seed[2:])
    return tuple(replace(like, seed=f"{state}{number + step:011}") for step in range(TRADERS))


def prepare(folder: Path, kind: KeyKind) -> Mapping[str, int]:
    """Lithuania and Poland below ``folder``, and the agent of all consignors there; returns each state's port."""
    folder.mkdir()
    now = datetime.now(UTC)
    members = provision(folder, {state: ZONES[state] for state in ("LT", "PL")}, now, kind)
    agent = issue_certificate(members["LT"].data, "agent", now, kind)
    write_key(folder / "agent.key", agent.key)
    write_certificate(folder / "agent.pem", agent.certificate)
    for member in members.values():
        certificates = (agent.certificate,) if member.state == "LT" else ()
        _register(member, [(one, {}, certificates) for one in numbered(OPERATORS[0])])
        _register(member, [(one, {}, ()) for one in numbered(OPERATORS[2])])
    return {state: member.port for state, member in members.items()}


def _register(member: Member, entries: list[tuple[Operator, Mapping[str, str], tuple[object, ...]]]) -> None:
    with closing(_opened(member)) as store:
        Registry(store).add_operators(entries)  # type: ignore[arg-type]  # certificates, of whichever library version


def _opened(member: Member) -> SqlStore:
    try:
        from esad_gateway.store.opening import open_store  # noqa: PLC0415 - older builds have none
    except ImportError:
        return SqlStore(member.data.database)  # type: ignore[arg-type]  # as those made one
    return open_store(member.data.database, member.address)


if __name__ == "__main__":
    print(json.dumps(prepare(Path(sys.argv[1]), KeyKind(sys.argv[2]))))  # noqa: T201 - its caller reads it
