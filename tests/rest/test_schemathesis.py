"""A tester that nobody here wrote asks for all that the OpenAPI document allows, and for much that it does not."""

import os
import subprocess
import sys
from pathlib import Path

from helpers.gateway import CONSIGNOR, new_draft
from helpers.served import Served

CHECKS = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance"),
    *("response_headers_conformance", "response_schema_conformance"),
)
PROGRAM = Path(sys.executable).parent / "schemathesis"
PATIENCE = 900
EVENTS = "/v1/traders/{seed}/events"
"""A stream that does not end."""


def test_document_holds_against_a_foreign_tester(gateway: Served, tmp_path: Path) -> None:
    """No server error, no status, media type, header or body that is not described, in every operation that ends."""
    assert gateway.submit(gateway.box.signed(CONSIGNOR, new_draft())).status == 201
    token = gateway.box.traders[CONSIGNOR].token
    command: list[str | Path] = [
        *(PROGRAM, "run", f"{gateway.url}/openapi.json", "--header", f"Authorization: Bearer {token}"),
        *("--checks", ",".join(CHECKS), "--phases", "examples,coverage,fuzzing", "--max-examples", "3"),
        *("--seed", "1", "--workers", "2", "--continue-on-failure", "--request-timeout", "60"),
        *("--exclude-path", EVENTS, "--warnings", "off", "--no-color", "--suppress-health-check", "all"),
    ]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "COLUMNS": "120"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    operations = sum(len(item) for path, item in gateway.get("/openapi.json").json["paths"].items() if path != EVENTS)

    assert done.returncode == 0, _told(done.stdout + done.stderr)
    assert f"Tested: {operations}" in done.stdout


def _told(output: str) -> str:
    """What it says, without the thousands of letters that it has sent."""
    return "\n".join(line[:400] for line in output.splitlines())[-8_000:]
