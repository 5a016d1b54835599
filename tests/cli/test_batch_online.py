"""Tables handed in by ``esad batch``, and the SAAD list by ``esad saad``, at a gateway that runs."""

import csv
import json
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any, TypeAlias

import openpyxl
import pytest

from esad_gateway.faults import Said
from esad_gateway.sheets.opening import open_sheet
from esad_gateway.sheets.table import Declared, cell_name
from esad_gateway.signing.pem import write_certificate, write_key
from esad_gateway.texts import in_every_language, say
from helpers.batch_door import TraderAtDoor, present, today
from helpers.batches import dispatches, numbered, receipts, table
from helpers.command_line import Ended, Esad
from helpers.gateway import CONSIGNEE, CONSIGNOR, copy_of_box
from helpers.on_terminal import on_a_terminal
from helpers.served import Served, served


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The gateway of Lithuania at this moment, for all tests of this module."""
    with served(copy_of_box(tmp_path_factory.mktemp("box")), clock=present()) as running:
        yield running


Run: TypeAlias = Callable[..., Ended]


@pytest.fixture
def run(esad: Esad) -> Run:
    """Runs ``esad``, which has to end with a ``code``, 0 where no other is given."""

    def ran(*arguments: str, code: int = 0) -> Ended:
        ended = esad(*arguments)
        assert ended.code == code, ended.out + ended.err
        return ended

    return ran


@contextmanager
def breaking_front(gateway: Served) -> Iterator[str]:
    """The address of a front that passes everything on, and cuts the first connection as soon as it is answered."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=_pass_on, args=(server, gateway.port))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}"
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


def _pass_on(server: socket.socket, port: int) -> None:
    cut = True
    with suppress(OSError):
        while True:
            client, _ = server.accept()
            with client, socket.create_connection(("127.0.0.1", port)) as behind:
                Thread(target=_pump, args=(client, behind)).start()
                while piece := behind.recv(65536):
                    if cut:
                        break
                    client.sendall(piece)
                cut = False
                client.shutdown(socket.SHUT_RDWR)


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)


def of(gateway: Served, seed: str = CONSIGNEE) -> tuple[str, ...]:
    """The options of a trader."""
    return ("--url", gateway.url, "--seed", seed, "--token", TraderAtDoor(gateway, seed).token)


def saad_file(folder: Path, *rows: Any, name: str = "rows.csv") -> Path:
    """A table of the SAAD list."""
    file = folder / name
    file.write_bytes(table("saad", today(), rows))
    return file


def pair(gateway: Served, folder: Path, seed: str) -> tuple[str, ...]:
    """The options of a trader's key."""
    identity = gateway.box.traders[seed].identity
    key, certificate = folder / f"{seed}.key", folder / f"{seed}.pem"
    write_key(key, identity.key)
    write_certificate(certificate, identity.certificate)
    return ("--key", str(key), "--cert", str(certificate))


def test_table_is_handed_in_mended_and_handed_in_again(gateway: Served, run: Run, tmp_path: Path) -> None:
    """The summary says how to go on; the corrections are mended; the same file is the same batch."""
    file = saad_file(tmp_path, *receipts("CLI-1"), *receipts("CLI-2", quantity="12x"))
    first = run("batch", "upload", str(file), *of(gateway), code=1)
    again = run("batch", "upload", str(file), *of(gateway), "--json", code=1)
    batch = json.loads(again.out)["id"]

    assert "1 taken, 1 refused" in first.out
    assert f"batch corrections {batch} --out mend.csv" in first.out
    assert "read as CSV, encoding utf-8, delimiter ;" in first.out
    assert f"{batch}: the same file was handed in before" in again.err
    shown = run("batch", "rows", batch, *of(gateway), "--outcome", "refused", "--lang", "lt")
    assert "Tai ne skaičius" in shown.out
    target = tmp_path / "mend.csv"
    run("batch", "corrections", batch, *of(gateway), "--out", str(target))
    target.write_bytes(target.read_bytes().replace(b";12x;", b";12;"))
    assert "1 taken" in run("batch", "upload", str(target), *of(gateway)).out
    assert "1 refused" in run("batch", "status", batch, *of(gateway), code=1).out
    assert "is being withdrawn" in run("batch", "withdraw", batch, *of(gateway)).out
    assert run("batch", "resume", batch, *of(gateway)).out


def test_list_is_corrected_from_what_it_shows(gateway: Served, run: Run, tmp_path: Path) -> None:
    """A record is shown as JSON, edited, entered anew, withdrawn, and written out."""
    entry = tmp_path / "entry.json"
    number = TraderAtDoor(gateway, CONSIGNEE).done(table("saad", today(), receipts("LIST-1")))["id"]
    (record,) = json.loads(run("saad", "list", *of(gateway), "--document", "LIST-1", "--json").out)["records"]
    entry.write_text(json.dumps({**record["entry"], "lines": [{**record["entry"]["lines"][0], "quantity": "7"}]}))

    listed = run("saad", "list", *of(gateway), "--lang", "lt").out
    corrected = run("saad", "correct", record["id"], str(entry), *of(gateway))
    shown = run("saad", "show", record["id"], *of(gateway), "--lang", "lt")
    entry.write_text(json.dumps({**record["entry"], "document": "LIST-2", "state": "LT"}))
    refused = run("saad", "enter", str(entry), *of(gateway), code=1)
    withdrawn = run("saad", "withdraw", record["id"], *of(gateway), "--json")
    target = tmp_path / "list.csv"
    run("saad", "export", *of(gateway), "--out", str(target), "--lang", "lt")

    assert [(one["product"], one["quantity"]) for one in record["goods"]] == [("B000", "1000")]
    assert all(word in listed for word in ("Akcizais apmokestinamos prekės kodas", "Kiekis", "B000", "1000"))
    assert corrected.out.startswith("corrected\n")
    assert "pataisytas" in shown.out
    assert "SAAD-4" in refused.out
    assert json.loads(withdrawn.out)["record"]["version"] == 3
    assert record["batch"] == number
    assert "KN kodas" in target.read_text(encoding="utf-8-sig")
    assert list(tmp_path.glob("*.part")) == []


def test_correction_of_an_older_version_is_told(gateway: Served, run: Run, tmp_path: Path) -> None:
    """Where somebody else has corrected the record since, with the version that stands now."""
    entry, trader = tmp_path / "entry.json", TraderAtDoor(gateway, CONSIGNEE)
    trader.done(table("saad", today(), receipts("OLDER-1")))
    (record,) = json.loads(run("saad", "list", *of(gateway), "--document", "OLDER-1", "--json").out)["records"]
    trader.done(table("saad", today(), receipts("OLDER-1", quantity="7")))
    entry.write_text(json.dumps({**record["entry"], "in_warehouse": True}))

    refused = run("saad", "correct", record["id"], str(entry), *of(gateway), "--version", "1", code=1)

    assert 'SAAD-36 version "1": ' in refused.out
    assert "Version 2 (corrected) stands since " in refused.out
    assert run("saad", "correct", record["id"], str(entry), *of(gateway), "--version", "2").out.startswith(
        "corrected\n"
    )


def test_dispatches_are_signed_here(gateway: Served, run: Run, tmp_path: Path) -> None:
    """Rows become e-SADs with the trader's own signature; a bad row is told, and the others have their ARC."""
    file = tmp_path / "sent.csv"
    file.write_bytes(table("dispatch", today(), [*dispatches("OWN-1", "OWN-2"), *dispatches("OWN-3", quantity="x")]))
    options = (*of(gateway, CONSIGNOR), *pair(gateway, tmp_path, CONSIGNOR))

    first = run("batch", "upload", str(file), *options)
    (drafts,) = tmp_path.glob("*.signed.jsonl")
    signed = drafts.read_bytes()
    again = run("batch", "upload", str(file), *options, "--json")
    batch = json.loads(again.out)

    assert "CELL-NUMBER" in first.out
    assert batch["counts"]["taken"] == 2
    assert "the same file was handed in before" in again.err
    assert drafts.read_bytes() == signed
    rows = json.loads(run("batch", "rows", batch["id"], *of(gateway, CONSIGNOR), "--json").out)["documents"]
    assert [one["rows"] for one in rows] == [[2], [3]]
    assert all(one["arc"][2:4] == "LT" for one in rows)
    whole = run("batch", "upload", str(file), *options, "--all-or-nothing", "--again", code=1)
    assert "CELL-NUMBER" in whole.out
    assert drafts.read_bytes() == signed


def test_refused_e_sads_are_mended_in_their_table(gateway: Served, run: Run, tmp_path: Path) -> None:
    """Of what was signed here the gateway has no rows: the table has them, and the reasons come beside them."""
    file, target = tmp_path / "sent.csv", tmp_path / "mend.csv"
    unknown = dispatches("NOBODY", consignee="PL99999999999")
    file.write_bytes(table("dispatch", today(), [*dispatches("SOMEBODY"), *unknown]))
    options = (*of(gateway, CONSIGNOR), *pair(gateway, tmp_path, CONSIGNOR))

    told = run("batch", "upload", str(file), *options, "--json", code=1)
    batch = json.loads(told.out)["id"]
    run("batch", "corrections", batch, *of(gateway, CONSIGNOR), "--out", str(target), "--of", str(file))
    bare = run("batch", "corrections", batch, *of(gateway, CONSIGNOR), "--out", str(tmp_path / "mend.jsonl"))
    assert "Name the table that they were made of with --of" in " ".join(bare.err.split())
    shown = run("batch", "status", batch, *of(gateway, CONSIGNOR), code=1).out
    assert f"batch corrections {batch} --of sent.csv --out mend.csv" in shown
    text = target.read_text(encoding="utf-8-sig").splitlines()
    (refused,) = (tmp_path / "mend.jsonl").read_text(encoding="utf-8").splitlines()

    assert len(text) == 2
    assert "NOBODY" in text[1]
    rule = json.loads(refused)["faults"][0]["rule"]
    assert f";consignee ({rule}): " in text[1]
    assert json.loads(refused)["rows"] == [3]


def test_refused_e_sads_are_told_in_the_cells_of_their_table(gateway: Served, run: Run, tmp_path: Path) -> None:
    """The gateway has the messages alone: without the table the command says how to get there."""
    file = tmp_path / "told.csv"
    file.write_bytes(
        table("dispatch", today(), [*dispatches("TOLD"), *dispatches("NO-ONE", consignee="PL99999999999")])
    )
    signed = run(
        "batch", "upload", str(file), *of(gateway, CONSIGNOR), *pair(gateway, tmp_path, CONSIGNOR), "--json", code=1
    )
    batch = json.loads(signed.out)["id"]

    asked = ("batch", "rows", batch, *of(gateway, CONSIGNOR), "--outcome", "refused")
    message, cell = run(*asked), run(*asked, "--of", str(file), "--json")
    assert "/ConsigneeTrader/Traderid" in "".join(message.out.split())
    assert "Name the table that they were made of with --of" in " ".join(message.err.split())
    ((fault,),) = (one["faults"] for one in json.loads(cell.out)["documents"])
    heading = file.read_text(encoding="utf-8").splitlines()[0].split(";")
    assert fault["path"] == cell_name(3, heading.index("consignee") + 1)
    assert (fault["value"], fault["line"], cell.err) == ("PL99999999999", 3, "")


def test_table_that_is_taken_as_a_whole_is_mended_itself(gateway: Served, run: Run, tmp_path: Path) -> None:
    """A table of the refused documents alone would be taken without those that were left."""
    file = saad_file(tmp_path, *receipts("WHOLE-1"), *receipts("WHOLE-2", quantity="12x"))
    told = run("batch", "upload", str(file), *of(gateway), "--all-or-nothing", code=1).out
    assert "1 refused, 1 left" in told
    assert " --outcome refused" in told
    assert "corrections" not in told


def test_other_tables_get_a_signature_beside_them(gateway: Served, run: Run, tmp_path: Path) -> None:
    """The batch names the certificate; somebody else's signature is refused, and nothing is kept."""
    file = saad_file(tmp_path, *receipts("SIGNED-1"))
    own = run("batch", "upload", str(file), *of(gateway), *pair(gateway, tmp_path, CONSIGNEE), "--json")
    other = run("batch", "upload", str(file), *of(gateway), *pair(gateway, tmp_path, CONSIGNOR), "--again", code=1)

    assert len(json.loads(own.out)["signer"]) == 64
    assert CONSIGNEE in other.err
    alone = run("batch", "upload", str(file), *of(gateway), "--key", str(tmp_path / f"{CONSIGNEE}.key"), code=2)
    assert "--key and --cert go together" in " ".join(alone.err.replace("│", " ").split())


@pytest.mark.parametrize("command", [("batch", "status"), ("saad", "show"), ("batch", "rows"), ("saad", "withdraw")])
@pytest.mark.parametrize("number", ["0000", "zzz", "../..", "a b"])
def test_what_is_not_there_is_said(gateway: Served, run: Run, command: tuple[str, str], number: str) -> None:
    """A number that there is not, or that is none, is exit code 1 with a reason, whatever stands in it."""
    assert run(*command, number, *of(gateway), code=1).err


def test_id_that_is_none_is_answered_like_one_that_is_not_there(gateway: Served, run: Run, tmp_path: Path) -> None:
    """By every door with an id: there is no such thing, in both languages, and not how an id would look."""
    both = (*of(gateway), "--lang", "both")
    for command in ("status", "rows", "withdraw", "resume"):
        told = run("batch", command, "zzz", *both, code=1).err
        assert all(part in told for part in ("no batch zzz", "paketo zzz nėra"))
    assert "no batch zzz" in run("batch", "corrections", "zzz", *both, "--out", str(tmp_path / "x.csv"), code=1).err
    for command in ("show", "withdraw"):
        assert "no record zzz" in run("saad", command, "zzz", *both, code=1).err


def test_entry_with_wrong_fields_is_told_once(gateway: Served, run: Run, tmp_path: Path) -> None:
    """As an entry that the list does not take, each fault once, and the hint in a sentence of its own."""
    (entry := tmp_path / "entry.json").write_text('{"colour": "red"}')
    refused = run("saad", "enter", str(entry), *of(gateway), code=1)

    assert "The SAAD list does not take this" in refused.err
    assert "message" not in refused.err
    assert "colour" not in refused.err
    assert refused.out.count("there is no such field here. ") == 1


def test_lost_connection_is_tried_again(gateway: Served, run: Run, tmp_path: Path) -> None:
    """A front that breaks off the first upload costs nothing: the second try is the same batch."""
    file = saad_file(tmp_path, *receipts("LOST-1"))
    with breaking_front(gateway) as url:
        options = ("--url", url, *of(gateway)[2:])
        told = run("batch", "upload", str(file), *options, "--no-wait", "--json")

    assert "the same is sent again" in told.err
    batch = json.loads(told.out)
    assert batch["repeated"] is True
    found = TraderAtDoor(gateway, CONSIGNEE).over(batch["id"])
    assert found["counts"]["taken"] == 1


def test_somebody_who_watches_sees_how_far_it_comes(gateway: Served, tmp_path: Path) -> None:
    """A bar with rows, rows a second and the time left, which goes when the summary comes."""
    file = saad_file(tmp_path, *receipts(*numbered("BAR", 40)))
    told = on_a_terminal("-m", "esad_gateway", "batch", "upload", file, *of(gateway))

    bar, _, summary = told.rpartition("\x1b[2K")
    assert re.search(r"[0-9]+/40.*rows a second", bar)
    assert "ended; 40 documents, of them 40 taken" in summary


def test_somebody_who_watches_sees_the_bytes_that_are_sent(gateway: Served, tmp_path: Path) -> None:
    """A bar with bytes, bytes a second and the time left, before the one of the rows; nothing of it stays."""
    file = saad_file(tmp_path, *receipts("BYTES-1", notes="ž" * 30_000))
    told = on_a_terminal("-m", "esad_gateway", "batch", "upload", file, *of(gateway))

    bar, _, rows = told.partition("rows a second")
    size = file.stat().st_size / 1000
    assert f"{size:.1f}/{size:.1f} kB" in bar
    assert "rows a second" in rows


def test_nobody_who_watches_gets_no_bar(gateway: Served, run: Run, tmp_path: Path) -> None:
    """Neither into a file nor into a pipe."""
    told = run("batch", "upload", str(saad_file(tmp_path, *receipts("QUIET-1"))), *of(gateway))

    assert (told.err, "\x1b" in told.out) == ("", False)


def _as_windows(file: Path) -> None:
    file.write_bytes(file.read_text(encoding="utf-8").encode("cp1257"))


def _with_commas(file: Path) -> None:
    rows = csv.reader(file.read_text(encoding="utf-8").splitlines(), delimiter=";")
    with file.open("w", encoding="utf-8", newline="") as written:
        csv.writer(written, delimiter="\t").writerows(rows)


def _with_other_headings(file: Path) -> None:
    file.write_text(file.read_text(encoding="utf-8").replace("local_reference_number", "Our number"), encoding="utf-8")


def _as_second_sheet(file: Path) -> None:
    rows = [line.split(";") for line in file.read_text(encoding="utf-8").splitlines()]
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Rows")
    for row in rows:
        sheet.append(row)
    book.save(file)


HOW: dict[str, tuple[str, Callable[[Path], object], tuple[str, ...]]] = {
    "encoding": ("sent.csv", _as_windows, ("--encoding", "windows-1257")),
    "delimiter": ("sent.csv", _with_commas, ("--delimiter", "tab")),
    "format": ("sent.csv.old", lambda _: None, ("--format", "csv")),
    "mapping": ("sent.csv", _with_other_headings, ("--mapping", "ours.toml")),
    "sheet": ("sent.xlsx", _as_second_sheet, ("--sheet", "Rows")),
}


@pytest.mark.parametrize("how", HOW)
def test_table_that_was_signed_here_is_mended_as_it_was_read(
    gateway: Served, run: Run, tmp_path: Path, how: str
) -> None:
    """Every option that says how a table is read is one of the corrections of it as well."""
    name, change, options = HOW[how]
    options = tuple(str(tmp_path / one) if one.endswith(".toml") else one for one in options)
    (tmp_path / "ours.toml").write_text('[columns]\n"Our number" = "local_reference_number"\n')
    file, number = tmp_path / name, f"HOW-{how}"
    unknown = dispatches(number, consignee="PL99999999999", consignor_name="UAB Žąsų ūkis")
    file.write_bytes(table("dispatch", today(), unknown))
    change(file)
    signing = (*of(gateway, CONSIGNOR), *pair(gateway, tmp_path, CONSIGNOR))
    told = run("batch", "upload", str(file), *options, *signing, "--json", code=1)
    batch, target = json.loads(told.out)["id"], tmp_path / f"mend.{'xlsx' if name.endswith('xlsx') else 'csv'}"
    run("batch", "corrections", batch, *of(gateway, CONSIGNOR), "--out", str(target), "--of", str(file), *options)

    with open_sheet(target, Declared(encoding="windows-1257" if how == "encoding" else None)) as opened:
        (row,) = opened.rows()
    texts = [cell.text for cell in row.cells]
    assert {number, "UAB Žąsų ūkis"} <= set(texts)
    assert "(R045)" in texts[-1]


def test_how_a_table_is_read_is_said_of_a_table(gateway: Served, run: Run, tmp_path: Path) -> None:
    """The options without the table that they are about are wrong usage."""
    told = run("batch", "corrections", "0", *of(gateway), "--out", str(tmp_path / "x"), "--sheet", "Rows", code=2)

    assert "say how the table of --of is read" in " ".join(told.err.replace("│", " ").split())


def test_table_that_is_read_in_another_way_is_signed_anew(gateway: Served, run: Run, tmp_path: Path) -> None:
    """The drafts of one sheet are not those of another one."""
    file = tmp_path / "sent.xlsx"
    book = openpyxl.Workbook()
    for place, number in enumerate(("SHEET-A", "SHEET-B")):
        sheet = book.create_sheet(number, place)
        for line in table("dispatch", today(), dispatches(number)).decode().splitlines():
            sheet.append(line.split(";"))
    book.save(file)
    options = (*of(gateway, CONSIGNOR), *pair(gateway, tmp_path, CONSIGNOR), "--json")
    sheets = ("SHEET-A", "SHEET-B")
    told = [run("batch", "upload", str(file), *options, "--sheet", one).out for one in sheets]

    assert [json.loads(one)["counts"]["taken"] for one in told] == [1, 1]
    assert len(list(tmp_path.glob("*.signed.jsonl"))) == 2


@pytest.mark.parametrize(("language", "told"), [("en", "refused = refused"), ("lt", "refused = nepriimta")])
def test_wrong_outcome_is_told_with_those_that_there_are(gateway: Served, run: Run, language: str, told: str) -> None:
    """Before anything is asked, in the language of who asks."""
    wrong = run("batch", "rows", "0", *of(gateway), "--outcome", "bad", "--lang", language, code=2)

    assert told in " ".join(wrong.err.replace("│", " ").split())


def test_batch_that_stopped_says_why_in_the_language(gateway: Served, run: Run, tmp_path: Path) -> None:
    """Nobody keeps a key of the trader: the reason is in the answer in both languages, and the terminal has one."""
    file = tmp_path / "sent.csv"
    file.write_bytes(table("dispatch", today(), dispatches("NO-KEY")))
    told = run("batch", "upload", str(file), *of(gateway, CONSIGNOR), "--lang", "lt", code=1)
    batch = told.out.partition(":")[0]
    answer = TraderAtDoor(gateway, CONSIGNOR).get(f"/batches/{batch}").json

    assert say(Said("batch.no_key"), "lt") in told.out
    assert say(Said("batch.no_key")) not in told.out
    assert (answer["reason"], answer["reasons"]) == (
        say(Said("batch.no_key")),
        in_every_language(Said("batch.no_key")),
    )


def test_file_that_is_none_is_said_before_anything_is_sent(gateway: Served, run: Run, tmp_path: Path) -> None:
    """A file that is not there is wrong usage; one without headings of ours is told as esad batch check tells it."""
    missing = run("batch", "upload", str(tmp_path / "none.csv"), *of(gateway), code=2)
    (tmp_path / "empty.csv").write_bytes(b"")
    empty = run("batch", "upload", str(tmp_path / "empty.csv"), *of(gateway), code=1)
    (tmp_path / "other.csv").write_bytes(b"a;b\n1;2\n")
    other = run("batch", "upload", str(tmp_path / "other.csv"), *of(gateway), code=1)

    assert "none.csv" in missing.err
    assert empty.out.splitlines()[1].split("\t")[3:5] == ["", "SHEET-EMPTY"]
    assert other.out.splitlines()[1].split("\t")[3:5] == ["a", "TABLE-KIND"]
