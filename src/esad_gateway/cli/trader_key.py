"""``esad trader-key``: keys that traders had this gateway keep, to sign their deferred dispatches."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from esad_gateway.access import check_access
from esad_gateway.batch.trader_keys import TraderKey, TraderKeys
from esad_gateway.cli.common import output
from esad_gateway.cli.common.administration import AsJson, Data, registry_of
from esad_gateway.data_directory import DataDirectory
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import said
from esad_gateway.register.beliefs import stamp
from esad_gateway.settings import read_settings
from esad_gateway.signing.pem import load_certificate, load_key
from esad_gateway.store.certificates import fingerprint_of

Seed = Annotated[str, typer.Option("--seed", metavar="SEED", help="The trader's SEED number.")]


def add(
    *,
    data: Data,
    seed: Seed,
    key: Annotated[Path, typer.Option(metavar="FILE.key", help="Its private key, PEM without password.")],
    cert: Annotated[Path, typer.Option(metavar="FILE.pem", help="The certificate of that key, PEM.")],
    as_json: AsJson = False,
) -> None:
    """Keep a trader's key, when the trader has told you to: drafts of its deferred dispatches are signed with it.

    The key is copied into the data directory, readable by its owner only. The certificate has to be registered for the
    trader. Nothing but rows of the trader's own batches is ever signed with it.
    """
    certificate = load_certificate(cert)
    with registry_of(data) as registry:
        check_access(data)
        fingerprint = fingerprint_of(certificate)
        if fingerprint not in {one.record.fingerprint for one in registry.certificates(seed)}:
            raise UnreadableInput(said("trader_key.not_registered", fingerprint=fingerprint, trader=seed))
    _tell([_keys(data).keep(seed, load_key(key), certificate)], as_json=as_json)


def list_(*, data: Data, as_json: AsJson = False) -> None:
    """List the traders whose keys are kept."""
    _tell(_keys(data).every(), as_json=as_json)


def remove(*, data: Data, seed: Seed, as_json: AsJson = False) -> None:
    """Remove a trader's key for good; its batches of dispatches have to be signed by itself then."""
    _keys(data).forget(seed)
    if as_json:
        output.result_json({"seed": seed, "removed": True})
    else:
        output.result(said("trader_key.removed", seed=seed))


def _keys(data: Path) -> TraderKeys:
    read_settings(data)  # a folder that is no data directory keeps no keys: it is refused, not shown as empty
    return TraderKeys(DataDirectory(data).trader_keys)


def _tell(keys: Iterable[TraderKey], *, as_json: bool) -> None:
    if as_json:
        for one in keys:
            told = {"seed": one.seed, "fingerprint": one.fingerprint, "subject": one.subject}
            output.result_json({**told, "valid_to": stamp(one.valid_to)})
    else:
        heads = output.headings("mailbox", "certificate", "subject", "valid_to")
        output.table(heads, [(one.seed, one.fingerprint, one.subject, stamp(one.valid_to)) for one in keys])


COMMANDS = (add, list_, remove)
