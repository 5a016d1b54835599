"""``esad store``: the store of a gateway."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from esad_gateway.access import check_access
from esad_gateway.audit.check import CheckOutcome
from esad_gateway.audit.check import check as check_store
from esad_gateway.audit.dossiers import Dossier
from esad_gateway.audit.rebuild import Rebuilding, compare
from esad_gateway.audit.rebuild import write as store_rebuilt
from esad_gateway.cli.common import output
from esad_gateway.cli.common.administration import AsJson, Data
from esad_gateway.cli.common.language import tell
from esad_gateway.cli.common.output import ExitCode
from esad_gateway.cli.common.paths import Report, Signed, check_wanted, write_report
from esad_gateway.data_directory import DataDirectory
from esad_gateway.explain.wording import utc
from esad_gateway.faults import Said, said
from esad_gateway.settings import read_settings
from esad_gateway.store.backup import Copied, back_up, batch_files
from esad_gateway.store.backup import restore as restore_store
from esad_gateway.store.lock import claimed
from esad_gateway.store.opening import migrate_store
from esad_gateway.texts import in_every_language, say


def check(
    *,
    data: Data,
    deep: Annotated[bool, typer.Option("--deep", help="Prove all of it from the documents; takes longer.")] = False,
    report: Report = None,
    sign: Signed = False,
    as_json: AsJson = False,
) -> None:
    """Check that the store is whole and true: every message, document, receipt, movement and delivery in it.

    What a signed checkpoint outside the database vouches for is compared by digests; what came since is proved from the
    documents: signatures as of their time, the columns beside them, movements decided again. May run beside the
    gateway, writes nothing, and reads from media that cannot be written; exit code 1 when anything is not as it was
    written, or when the outbox has dead letters or messages are undecided, which are named.
    """
    check_wanted(report, data, sign=sign)
    found = check_store(DataDirectory(data), deep=deep)
    content = _content(found)
    if as_json:
        output.result_json(content)
    else:
        _tell(found)
    write_report(content, report, data, sign=sign)
    raise typer.Exit(ExitCode.FINE if found.ok else ExitCode.NEGATIVE)


def _content(found: CheckOutcome) -> dict[str, Any]:
    """What was found, for a report: sentences in English, and below ``texts`` all of them in every language."""
    counts = {name: getattr(found, name) for name in ("messages", "movements", "waiting", "dead", "vouched")}
    told = {name: getattr(found, name) for name in ("problems", "dead_letters", "undecided")}
    return {**counts, **told, "texts": [in_every_language(one) for one in found.told], "ok": found.ok}


def _tell(found: CheckOutcome) -> None:
    for problem in found.told:
        output.result(output.bad(problem))
    told = said(
        "stored.verdict",
        verdict=output.bad(Said("stored.broken")) if found.broken else output.good(Said("stored.whole")),
        messages=said("count.messages", count=found.messages),
        vouched=found.vouched,
        movements=said("count.movements", count=found.movements),
        waiting=found.waiting,
        dead=said("count.dead_letters", count=found.dead),
    )
    output.result(said("stored.undecided", told=told, undecided=len(found.to_decide)) if found.to_decide else told)


def migrate(*, data: Data, as_json: AsJson = False) -> None:
    """Bring a store that an earlier esad-gateway made to the form that this one works with.

    The store as it was stays beside it, as a copy that is named. All of it is done or nothing, and no gateway may run
    meanwhile. A store that has the form already is left as it is, but for indexes that an earlier build made in another
    way: they are made anew, and named.
    """
    read_settings(data)
    check_access(data)
    database = DataDirectory(data).database
    with claimed(database):
        kept, indexes = migrate_store(database)
    if as_json:
        told = {"migrated": kept is not None, "copy": kept and str(kept), "indexes": indexes}
        output.result_json({"store": str(database), **told})
    else:
        done = Said("stored.up_to_date")
        if kept:
            done = said("stored.as_it_was", done=output.good(Said("stored.brought_up")), kept=str(kept))
        if indexes:
            done = said("stored.made_anew", done=done, indexes=", ".join(indexes))
        output.result(f"{database}: {tell(done)}")


COLUMNS = ("arc", "side", "what", "store", "rebuilt")


def rebuild(
    *,
    data: Data,
    write: Annotated[
        bool, typer.Option("--write", help="Write what differs as it was rebuilt, after a copy of the store was made.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make every movement, its log and its notes anew from the messages, and show where the store has something else.

    Every message is decided again, at its moment and under the settings of its time. Without --write nothing is
    written, and a gateway may run; with it the gateway has to be stopped. Not rebuilt: what no message says (register,
    tokens, deliveries). Exit code 1 when something differs and was not written, or cannot be rebuilt.
    """
    read_settings(data)
    directory, watch = DataDirectory(data), _watched
    done = store_rebuilt(directory, watch, datetime.now(UTC)) if write else compare(directory, watch)
    rows = [(one.arc, one.side, *one.difference) for one in done.differences]
    if as_json:
        differences = [dict(zip(COLUMNS, (_text(cell, say) for cell in row), strict=True)) for row in rows]
        copy = None if done.copy is None else str(done.copy)
        texts = [in_every_language(one) for one in done.unsolved]
        told = {"movements": done.movements, "differences": differences, "problems": done.problems, "texts": texts}
        output.result_json({**told, "copy": copy, "indexes": done.indexes, "equal": done.equal})
    else:
        if rows:
            output.table(output.headings(*COLUMNS), [[_text(cell, tell) for cell in row] for row in rows])
        for problem in done.unsolved:
            output.result(output.bad(problem))
        if done.indexes:
            output.result(said("stored.other_indexes", indexes=", ".join(done.indexes)))
        output.result(_in_words(done, len(rows)))
    raise typer.Exit(ExitCode.FINE if done.equal else ExitCode.NEGATIVE)


def _in_words(done: Rebuilding, differences: int) -> Said:
    counts = {
        "movements": said("count.movements", count=done.movements),
        "differences": said("count.differences", count=differences),
    }
    if done.copy:
        return said("stored.rebuilt_copy", verdict=output.good(Said("stored.written")), **counts, copy=str(done.copy))
    verdict = output.good(Said("stored.equal")) if done.equal else output.bad(Said("stored.different"))
    return said("stored.rebuilt", verdict=verdict, **counts)


def _watched(movements: Iterable[Dossier], total: int) -> Iterable[Dossier]:
    return output.watched(movements, "movements", total)


def _text(value: object, tell_in: Callable[[Said], str]) -> str:
    if isinstance(value, Said):
        return tell_in(value)
    return "" if value is None else str(value)


BESIDE: Final = (
    "settings.toml",
    "tariffs.toml",
    "keys",
    "pki",
    "trust",
    "checkpoints",
    "schemas",
    "batches",
    "trader-keys",
)
"""What else a data directory is. It is made of files that never change half, so any copy of it is a good one."""


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the copy is to be; no file may be there.")],
    *,
    data: Data,
    as_json: AsJson = False,
) -> None:
    """Copy the store into a file, as it stands at one moment. The gateway may run and goes on taking messages.

    The copy is looked through for damage before it counts; it is readable by its owner only. What else belongs to a
    backup is named: keys, trust, settings and checkpoints are files, and are copied as such.
    """
    own = read_settings(data).profile().address
    check_access(data)
    done = back_up(DataDirectory(data).database, file, own)
    beside = [name for name in BESIDE if (data / name).exists()]
    if as_json:
        output.result_json({"file": str(file), **_copied(own, done), "beside": beside})
        return
    if done.batches:
        count = said("count.batches", count=len(done.batches))
        output.result(said("stored.batches", folder=str(batch_files(file)), batches=count))
    output.result(f"{file}: {tell(_copied_in_words(own, done))}", said("stored.beside", data=str(data)))
    output.result(*(f"  {name:13} {tell(Said(f'beside.{name}'))}" for name in beside))


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What esad store backup made.")],
    *,
    data: Data,
    as_json: AsJson = False,
) -> None:
    """Put a backup in the place of a store that is not there; refused where there is one, whatever its state.

    Bring back the rest of the data directory first: settings, keys, trust, checkpoints. What was taken after the backup
    is in no store any more; esad store check names the mailboxes for which a checkpoint tells so.
    """
    own, database = read_settings(data).profile().address, DataDirectory(data).database
    check_access(data)
    with claimed(database):
        done = restore_store(file, database, own)
    if as_json:
        output.result_json({"store": str(database), **_copied(own, done)})
    else:
        output.result(f"{database}: {tell(_copied_in_words(own, done))}")
        output.result(said("stored.now", command=f"esad store check --data {data}"))


def _copied(own: str, done: Copied) -> dict[str, object]:
    last = done.last and done.last.isoformat()
    return {"administration": own, "messages": done.messages, "batches": len(done.batches), "last": last}


def _copied_in_words(own: str, done: Copied) -> Said:
    messages = said("count.messages", count=done.messages)
    if done.last is None:
        return said("stored.copied", own=own, messages=messages)
    return said("stored.copied_last", own=own, messages=messages, last=utc(done.last.isoformat()))


COMMANDS = (check, backup, restore, rebuild, migrate)
