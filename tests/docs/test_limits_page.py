"""The page of limits says what the code does."""

import re
from pathlib import Path

import pytest

from esad_gateway.ais.people import identity
from esad_gateway.batch.arrivals import MOST_ARRIVING
from esad_gateway.emcs import documents
from esad_gateway.faults import MOST_FAULTS
from esad_gateway.gateway import turns
from esad_gateway.national import sign_in
from esad_gateway.notify import addresses, calling, desk, webhooks
from esad_gateway.ports.batches import LARGEST_FILE, LARGEST_SIGNED
from esad_gateway.ports.reading import LONGEST_WAIT
from esad_gateway.rest.making import MOST_MADE
from esad_gateway.rest.national import sign_in as sign_in_door
from esad_gateway.rest.saad import LARGEST_ENTRY
from esad_gateway.rest.webhooks import LARGEST_WISH
from esad_gateway.setting_sign_in import SignInProvider
from esad_gateway.settings import Settings
from esad_gateway.sheets import archive, flaws, process
from esad_gateway.signin import fetching, keys, token
from esad_gateway.store.mailboxes import MOST_READ
from esad_gateway.store.national import sign_in as sign_in_steps
from esad_gateway.transport.connection import MANY_CHUNKS, PIPELINED, SMALLEST_CHUNK
from esad_gateway.transport.limits import RESERVED, HttpLimits
from esad_gateway.transport.uploads import SLOWEST
from esad_gateway.web.asked import MOST_NUMBERS
from esad_gateway.web.form import LARGEST_FIELD, MOST_PARTS
from esad_gateway.web.json_body import MOST_COMMAS
from esad_gateway.xml.diagnosis import MOST_CHILDREN
from esad_gateway.xml.parse import DEFAULT_LIMITS, TRADERS, Limits

PAGE = (Path(__file__).parents[2] / "docs/reference/limits.md").read_text(encoding="utf-8")
LIMITS = HttpLimits()
SETTINGS = Settings.model_validate({"state": "LT"})
TOLD = {
    "bytes of a request's line and header": LIMITS.header_bytes,
    "fields of a header": LIMITS.header_count,
    "seconds for the head of a request": LIMITS.header_seconds,
    "seconds for its body": LIMITS.body_seconds,
    "connections": f"{LIMITS.connections}, or {RESERVED} fewer than there are file descriptors",
    "connections of one address": LIMITS.connections_per_address,
    "bytes that all bodies hold together": LIMITS.bytes_in_flight,
    "seconds that an answer stays unread": LIMITS.answer_seconds,
    "requests that wait on one connection": PIPELINED,
    "fields that say `Host`": "1, and in HTTP/1.1 no less",
    f"chunks of less than {SMALLEST_CHUNK} bytes on average": MANY_CHUNKS,
    "bytes that are read and dropped after a refusal": LIMITS.drain_bytes,
    "seconds that this lasts": LIMITS.drain_seconds,
}
ASKING = {
    "requests of one trader that wait for its mailbox": SETTINGS.waits_at_once,
    "seconds that one may wait": LONGEST_WAIT,
    "requests of one token within a minute": SETTINGS.requests_a_minute,
    "megabytes of their bodies, before another one comes": SETTINGS.megabytes_a_minute,
    "requests of one address with bad tokens within a minute": SETTINGS.bad_tokens_a_minute,
    "messages that are acknowledged in one request": MOST_READ,
    "numbers that are named for it": MOST_NUMBERS,
    "webhooks of one trader": desk.MOST,
    "bytes of a webhook that is asked for": LARGEST_WISH,
    "characters of its address": addresses.LONGEST,
    "tries of a notification, until it is a dead letter": SETTINGS.webhook_attempts,
    "seconds that a call may take": f"{SETTINGS.webhook_timeout:g}",
    "calls at a time, one of a webhook": webhooks.AT_ONCE,
    "bytes of an answer to a call that are read": calling.LARGEST_ANSWER,
    "seconds for which two secrets sign": f"{desk.LONGEST_OVERLAP.total_seconds():.0f}",
}
SIGNING_IN = {
    "attempts and codes of programs that are kept at a time": sign_in_steps.MOST,
    "seconds from going to a provider until coming back": f"{sign_in.TO_SIGN_IN.total_seconds():.0f}",
    "seconds until a program fetches its session": f"{sign_in.TO_FETCH.total_seconds():.0f}",
    "bytes of what it sends for that": sign_in_door.LARGEST,
    "seconds that a provider may take to answer": SignInProvider.model_fields["answer_seconds"].default,
    "bytes of what it answers": fetching.LARGEST,
    "keys that it may have": keys.MOST_KEYS,
    "characters of its token": token.LONGEST,
    "rights that it may tell of a person": identity.MOST_RIGHTS,
}
ROWS = {
    "bytes of a file": (flaws.MOST_BYTES, "SHEET-SIZE"),
    "rows": (flaws.MOST_ROWS, "SHEET-ROWS"),
    "cells of a row, without the empty ones at its end": (flaws.MOST_COLUMNS, "SHEET-COLUMNS"),
    "characters of a cell": (flaws.MOST_CHARACTERS, "SHEET-CELL"),
    "parts of an archive (XLSX, ODS)": (archive.MOST_PARTS, "SHEET-PARTS"),
    "bytes of its parts, unpacked": (archive.MOST_UNPACKED, "SHEET-BOMB"),
    f"times that a part of more than {archive.SMALL >> 20} MiB is larger than what it has packed": (
        archive.MOST_RATIO,
        "SHEET-BOMB",
    ),
    "megabytes of the process that reads XLSX, ODS or XML": (process.MOST_MEGABYTES, "SHEET-MEMORY"),
    "seconds of the processor that it takes": (process.MOST_SECONDS, "SHEET-TIME"),
}
BATCHES = {
    "bytes of the file of a batch": (LARGEST_FILE, 413),
    "bytes of one that is signed beside itself": (LARGEST_SIGNED, 413),
    "bytes that each `body_seconds` have to bring": (SLOWEST, 408),
    "files of one trader that arrive at a time": (MOST_ARRIVING, 503),
    "files (corrections, exports) that are made at a time, one of a trader": (MOST_MADE, 503),
    "batches of one trader that wait (`batches_waiting`)": (SETTINGS.batches_waiting, 429),
    "megabytes of their files, before another one comes (`batch_megabytes_waiting`)": (
        SETTINGS.batch_megabytes_waiting,
        429,
    ),
    "days for which the file of a batch that has ended is kept (`batch_file_days`)": (
        SETTINGS.batch_file_days,
        "removed",
    ),
    "megabytes of such files of one trader that are kept (`batch_megabytes_kept`)": (
        SETTINGS.batch_megabytes_kept,
        "removed, the oldest first",
    ),
    "parts of a form": (MOST_PARTS, 413),
    "bytes of a part that is not the file": (LARGEST_FIELD, 413),
    "bytes of an entry of the SAAD list in JSON": (LARGEST_ENTRY, 413),
}
DOCUMENTS = {
    "bytes": "max_bytes",
    "elements": "max_elements",
    "attributes in all": "max_all_attributes",
    "attributes of one element": "max_attributes",
    "namespace declarations": "max_namespaces",
    "levels": "max_depth",
}


def row(what: str) -> list[str]:
    """The cells of a row after its first."""
    found = re.search(rf"^\| {re.escape(what)} \|(.*)\|$", PAGE, re.MULTILINE)
    assert found, what
    return [cell.strip() for cell in found[1].split("|")]


@pytest.mark.parametrize("what", [*TOLD, *ASKING, *SIGNING_IN])
def test_limit_of_connections_and_questions_is_told(what: str) -> None:
    """With its default, and with the setting that changes it, if one does."""
    most, setting, _ = row(what)

    assert most == str({**TOLD, **ASKING, **SIGNING_IN}[what])
    assert not setting or setting.strip("`") in Settings.model_fields


@pytest.mark.parametrize("what", DOCUMENTS)
def test_limit_of_documents_is_told(what: str) -> None:
    """For traders, and for administrations."""

    def limit(limits: Limits) -> str:
        return str(getattr(limits, DOCUMENTS[what]))

    assert row(what)[:2] == [limit(TRADERS), limit(DEFAULT_LIMITS)]


@pytest.mark.parametrize("what", ROWS)
def test_limit_of_files_of_rows_is_told(what: str) -> None:
    """With the code of what is beyond."""
    most, code = ROWS[what]
    assert row(what) == [str(most), code]
    assert code in flaws.CODES


@pytest.mark.parametrize("what", BATCHES)
def test_limit_of_batches_is_told(what: str) -> None:
    """With the status that answers what is beyond."""
    assert row(what) == [str(one) for one in BATCHES[what]]


def test_other_bounds_are_told() -> None:
    """Those of fields, faults, packages and turns."""
    for text in (
        f"{TRADERS.max_bytes} bytes and {MOST_COMMAS} commas",
        f"tells {MOST_FAULTS} faults",
        f"first {MOST_CHILDREN} elements",
        f"{documents.MOST_BYTES:,} bytes of them",
        f"beyond {turns.LARGE // 1024} KiB",
    ):
        assert text in PAGE, text


def test_defaults_of_settings_are_those_of_the_server() -> None:
    """A gateway that sets nothing has the limits of the page."""
    assert Settings.model_validate({"state": "LT"}).http_limits() == LIMITS
