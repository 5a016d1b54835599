"""The how-to of the client is true: its examples run one after the other, against a gateway."""

import re
from contextlib import ExitStack
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest

from esad_gateway.client import AsyncGatewayClient, GatewayClient, MailboxEntry, load_signer
from esad_gateway.rest.examples_batches import ROWS
from esad_gateway.signing.pem import write_certificate, write_key
from helpers import pages
from helpers.batch_door import today
from helpers.gateway import CONSIGNEE, CONSIGNOR, Box
from helpers.served import Served

PAGE = pages.ROOT / "docs" / "how-to" / "client.md"
TEXT = PAGE.read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^## ([^\n]+)|^```python\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
OF_CONSIGNEE = {"Report a receipt", "Tables"}


def examples() -> dict[str, str]:
    """The code of each section."""
    found, section = dict[str, str](), ""
    for title, code in EXAMPLES:
        section = title or section
        found[section] = found.get(section, "") + code
    return {title: code for title, code in found.items() if code}


def prepare(folder: Path, box: Box) -> None:
    """Put what the page asks for into a folder."""
    trader = box.traders[CONSIGNOR]
    (folder / "lt" / "pki").mkdir(parents=True)
    write_key(folder / "lt" / "pki" / f"{CONSIGNOR}.key", trader.identity.key)
    write_certificate(folder / "lt" / "pki" / f"{CONSIGNOR}.pem", trader.identity.certificate)
    (folder / "token").write_text(f"{trader.token}\n", encoding="ascii")
    (folder / "fixtures").symlink_to(pages.ROOT / "fixtures")
    pages.transcript(PAGE, folder, programs=pages.INSTALLED)
    rows = ROWS.replace("2026-02-26;2026-02-27", f"{today()};{today()}").replace("SAAD-", f"{token_hex(4)}-")
    (folder / "rows.csv").write_text(rows, encoding="utf-8")


def consignee(gateway: Served, folder: Path) -> GatewayClient:
    """The client of whoever reports receipts."""
    trader = gateway.box.traders[CONSIGNEE]
    write_key(folder / "consignee.key", trader.identity.key)
    write_certificate(folder / "consignee.pem", trader.identity.certificate)
    signer = load_signer(folder / "consignee.key", folder / "consignee.pem")
    return GatewayClient(gateway.url, seed=CONSIGNEE, token=trader.token, signer=signer)


def test_examples_run(
    gateway: Served,
    e_sad: bytes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """From a draft to an e-SAD, its refusals, the mailbox, a report, a table; in an event loop."""
    prepare(tmp_path, gateway.box)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"document": e_sad}
    with ExitStack() as end:
        for title, code in examples().items():
            if title in OF_CONSIGNEE and "consignee" not in names:
                names["gateway"] = names["consignee"] = consignee(gateway, tmp_path)
            source = code.replace("http://127.0.0.1:8460", gateway.url)
            exec(compile(source, str(PAGE), "exec"), names)  # noqa: S102 - it is our own page
            end.callback(names["gateway"].close)
    printed = capsys.readouterr().out

    assert re.search(r"^\d\dLT[0-9A-Z]{15}P\d$", printed, re.MULTILINE)
    assert "R045 /IE815/" in printed
    assert "403 signature-refused 20" in printed
    assert [*tmp_path.glob("received/*-IE801.xml")]
    assert "ended" in printed
    assert re.search(r"^accepted \d+$", printed, re.MULTILINE)
    assert "1.000" in (tmp_path / "mend.csv").read_text(encoding="utf-8-sig")
    assert "True" in printed


def test_page_names_what_there_is() -> None:
    """Calls in tables and text are methods of both clients; the links lead somewhere, and no command is not run."""
    called = set(re.findall(r"\| `(\w+)\(", TEXT)) | set(re.findall(r"gateway\.(\w+)\(", TEXT))
    assert len(called) > 12
    assert [name for name in called if not (hasattr(GatewayClient, name) and hasattr(AsyncGatewayClient, name))] == []
    assert "seq" in MailboxEntry.__dataclass_fields__
    assert pages.unmarked(PAGE) == []
    assert [link for link in pages.links(PAGE) if not link.exists()] == []
