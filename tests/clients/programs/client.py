"""zeep: submits a signed document, fetches its IE801, and shows a fault. Says "name: value" lines."""

import sys
from pathlib import Path

import zeep
import zeep.exceptions

url, token, seed, draft, out, version = sys.argv[1:7]
client = zeep.Client(f"{url}/soap/gateway?wsdl", service_name="Gateway")
client.transport.session.headers["Authorization"] = f"Bearer {token}"
service = client.bind("Gateway", "GatewaySoap12" if version == "1.2" else "GatewaySoap")


def say(name: str, value: object) -> None:
    """One line."""
    sys.stdout.write(f"{name}: {value}\n")


document = Path(draft).read_bytes()  # bytes: zeep makes base64 of them
for name in ("outcome", "again"):
    receipt = service.SubmitMessage(document)
    say(name, f"{receipt.outcome} {'repeated' if receipt.repeated else 'new'}")
page = service.ListMessages(trader=seed, type="IE801", limit=500)
seq = next(one.seq for one in page.message if one.messageIdentifier == receipt.reply[0].messageIdentifier)
Path(out).write_bytes(service.FetchMessage(trader=seed, seq=seq))
say("acknowledged", service.AcknowledgeMessage(trader=seed, seq=seq).acknowledgedAt)
try:
    service.FetchMessage(trader=seed, seq=999_999_999)
except zeep.exceptions.Fault as fault:
    say("fault", f"{fault.code} {fault.message}")
    say("status", fault.detail[0].findtext("{urn:esad-gateway:gateway:1}status"))
