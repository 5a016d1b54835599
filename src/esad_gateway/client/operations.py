"""Every operation of the REST door that clients use, as the request that asks for it."""

from collections.abc import Callable, Mapping, Sequence
from json import dumps
from pathlib import Path
from secrets import token_hex
from typing import Any, BinaryIO, Final

from esad_gateway.client.request import CONNECTING, PATIENCE, Request, Upload, UploadRequest, step

__all__ = [
    "acknowledge",
    "acknowledge_all",
    "address",
    "administration",
    "batch",
    "batch_rows",
    "change_batch",
    "clock_of_tests",
    "compose",
    "corrections",
    "due",
    "due_calendar",
    "enter",
    "export",
    "health",
    "message",
    "message_view",
    "messages",
    "movement",
    "movements",
    "operator",
    "saad",
    "saad_record",
    "submit",
    "upload",
    "validate",
    "withdraw_record",
]

XML: Final = "application/xml"
JSON: Final = "application/json"

LARGEST_INTRODUCTION: Final = 256 * 1024
"""How many bytes are read of what an administration says of itself."""

_XML: Final[Mapping[str, str]] = {"Content-Type": XML}
_JSON: Final[Mapping[str, str]] = {"Content-Type": JSON}


def submit(document: bytes) -> Request:
    """Submit a signed document."""
    return Request(method="POST", path="/v1/messages", body=document, headers=_XML)


def validate(document: bytes) -> Request:
    """Judge a document; nothing is stored."""
    return Request(method="POST", path="/v1/messages/validate", body=document, headers=_XML)


def compose(fields: Mapping[str, Any]) -> Request:
    """Make an unsigned document of typed fields."""
    return Request(method="POST", path="/v1/messages/compose", body=dumps(fields).encode(), headers=_JSON)


def messages(seed: str, *, wait: float | None = None, **query: Any) -> Request:
    """A page of a mailbox; ``wait`` is how many seconds the answer may wait for news."""
    seconds = CONNECTING + (wait or 0)
    waiting = None if wait is None else int(wait)
    return Request(path=f"{_trader(seed)}/messages", query={**query, "wait": waiting}, seconds=seconds)


def message(seed: str, seq: int) -> Request:
    """The exact bytes of one message."""
    return Request(path=f"{_trader(seed)}/messages/{seq}", headers={"Accept": XML})


def message_view(seed: str, seq: int) -> Request:
    """The fields of one message."""
    return Request(path=f"{_trader(seed)}/messages/{seq}", headers={"Accept": JSON})


def acknowledge(seed: str, seq: int) -> Request:
    """Note that a message was read."""
    return Request(method="PUT", path=f"{_trader(seed)}/messages/{seq}/acknowledgement")


def acknowledge_all(seed: str, asked: Mapping[str, Any]) -> Request:
    """Note that many messages were read: all up to a number (``through``), or some (``messages``).

    The answer says which were not before.
    """
    body = dumps(asked).encode()
    return Request(method="POST", path=f"{_trader(seed)}/messages/acknowledgements", body=body, headers=_JSON)


def movements(seed: str, **query: Any) -> Request:
    """A page of a trader's movements."""
    return Request(path=f"{_trader(seed)}/movements", query=query)


def movement(seed: str, arc: str) -> Request:
    """One movement of a trader."""
    return Request(path=f"{_trader(seed)}/movements/{step(arc)}")


def operator(seed: str, **query: Any) -> Request:
    """What the register says of a SEED number."""
    return Request(path=f"/v1/operators/{step(seed)}", query=query)


def upload(seed: str, file: Path, told: UploadRequest, sent: Callable[[int], object] | None = None) -> Request:
    """Hand in a file of rows, as it is read; ``sent`` is told how many bytes of it are on their way."""
    boundary = f"esad{token_hex(16)}"
    parts = [_part(boundary, f'name="{_quoted(name)}"', None, value.encode()) for name, value in told.fields.items()]
    if told.signature is not None:
        parts.append(_part(boundary, 'name="signature"; filename="signature.xml"', XML, told.signature))
    parts.append(_part(boundary, f'name="file"; filename="{_quoted(told.name)}"', "application/octet-stream", b""))
    body = Upload(
        before=b"\r\n".join(parts),
        file=file,
        after=f"\r\n--{boundary}--\r\n".encode(),
        told=sent,
        asked=told,
    )
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Idempotency-Key": told.key}
    return Request(method="POST", path=_batches(seed), body=body, headers=headers, seconds=None)


def batch(seed: str, batch: str) -> Request:
    """How far a batch has come."""
    return Request(path=_batches(seed, batch))


def batch_rows(seed: str, batch: str, **query: Any) -> Request:
    """A page of the documents of a batch; the query as in ``GET …/rows``."""
    return Request(path=f"{_batches(seed, batch)}/rows", query=query)


def change_batch(seed: str, batch: str, change: str) -> Request:
    """Have a batch withdrawn (``withdrawal``), or go on (``resumption``)."""
    return Request(method="POST", path=f"{_batches(seed, batch)}/{change}")


def corrections(seed: str, batch: str, to: BinaryIO) -> Request:
    """Write the rows of a batch that are to be mended."""
    return Request(path=f"{_batches(seed, batch)}/corrections", to=to, seconds=None)


def saad(seed: str, **query: Any) -> Request:
    """A page of the SAAD list; the query as in ``GET /v1/traders/{seed}/saad``."""
    return Request(path=f"{_trader(seed)}/saad", query=query)


def due(seed: str, **query: Any) -> Request:
    """A page of the deadline board; the query as in ``GET /v1/traders/{seed}/due``."""
    return Request(path=f"{_trader(seed)}/due", query=query)


def due_calendar(seed: str, **query: Any) -> Request:
    """The deadline board as a calendar (iCalendar)."""
    return Request(path=f"{_trader(seed)}/due.ics", query=query, headers={"Accept": "text/calendar"})


def saad_record(seed: str, record: str) -> Request:
    """A record of the SAAD list with its versions."""
    return Request(path=f"{_trader(seed)}/saad/{step(record)}")


def enter(seed: str, entry: bytes, record: str | None = None, made_from: int | None = None) -> Request:
    """Enter a receipt (JSON), or a record anew, from a version of it."""
    path = f"{_trader(seed)}/saad" + ("" if record is None else f"/{step(record)}/corrections")
    return Request(method="POST", path=path, body=entry, headers=_JSON, query={"version": made_from})


def withdraw_record(seed: str, record: str) -> Request:
    """Withdraw a record of the SAAD list."""
    return Request(method="POST", path=f"{_trader(seed)}/saad/{step(record)}/withdrawal")


def export(seed: str, to: BinaryIO, **query: Any) -> Request:
    """Write the SAAD list as a file; the query as in ``GET …/saad/export``."""
    return Request(path=f"{_trader(seed)}/saad/export", query=query, to=to, seconds=None)


def make_webhook(seed: str, asked: Mapping[str, Any]) -> Request:
    """Have an address called when something comes."""
    return Request(method="POST", path=_webhooks(seed), body=dumps(dict(asked)).encode(), headers=_JSON)


def webhooks(seed: str) -> Request:
    """The webhooks of a trader."""
    return Request(path=_webhooks(seed))


def remove_webhook(seed: str, webhook: str) -> Request:
    """Remove a webhook."""
    return Request(method="DELETE", path=_webhooks(seed, webhook))


def rotate_webhook(seed: str, webhook: str, overlap: int) -> Request:
    """Give a webhook another secret; the one until now signs as well for so many seconds."""
    return Request(method="POST", path=f"{_webhooks(seed, webhook)}/rotation", query={"overlap": overlap})


def ping_webhook(seed: str, webhook: str) -> Request:
    """Call a webhook now, without news; that takes as long as its administration lets it."""
    return Request(method="POST", path=f"{_webhooks(seed, webhook)}/ping", seconds=PATIENCE)


def dead_letters(seed: str, webhook: str, **query: Any) -> Request:
    """What a webhook did not take."""
    return Request(path=f"{_webhooks(seed, webhook)}/dead-letters", query=query)


def resend(seed: str, webhook: str, seqs: Sequence[int]) -> Request:
    """Send dead letters of a webhook once more; without numbers all of them."""
    numbers = "&".join(f"seq={seq}" for seq in seqs)
    path = f"{_webhooks(seed, webhook)}/dead-letters/resending"
    return Request(method="POST", path=f"{path}?{numbers}" if numbers else path)


def health() -> Request:
    """Whether the gateway answers, and as whom."""
    return Request(path="/health")


def clock_of_tests(order: Mapping[str, Any] | None = None, within: float = PATIENCE) -> Request:
    """What the clock for tests of a gateway shows, after an order to it if there is one; it may take its time.

    ``within`` is how many seconds it may be silent.
    """
    if order is None:
        return Request(path="/test-clock", seconds=None, silence=within)
    body = dumps(dict(order)).encode()
    return Request(method="POST", path="/test-clock", body=body, headers=_JSON, seconds=None, silence=within)


def address() -> Request:
    """The address itself, whoever answers there."""
    return Request(path="")


def administration() -> Request:
    """What the administration says of itself: its address, its certificates, the CAs that issued them."""
    return Request(path="/v1/administration", most=LARGEST_INTRODUCTION)


def _trader(seed: str) -> str:
    return f"/v1/traders/{step(seed)}"


def _webhooks(seed: str, webhook: str | None = None) -> str:
    return f"{_trader(seed)}/webhooks" + ("" if webhook is None else f"/{step(webhook)}")


def _batches(seed: str, batch: str | None = None) -> str:
    return f"{_trader(seed)}/batches" + ("" if batch is None else f"/{step(batch)}")


def _part(boundary: str, disposition: str, media_type: str | None, content: bytes) -> bytes:
    kind = f"Content-Type: {media_type}\r\n" if media_type else ""
    return f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n{kind}\r\n".encode() + content


def _quoted(name: str) -> str:
    """A name inside quotation marks of a header field, as browsers write it."""
    return name.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "%0D").replace("\n", "%0A")
