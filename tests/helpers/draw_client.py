"""Writes the methods of the client into docs/reference/python.md; ``python tests/helpers/draw_client.py`` does so."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

from esad_gateway import client

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "python.md"
_BEGIN, _END = "<!-- client -->\n", "<!-- end of client -->\n"


def page(text: str) -> str:
    """The page with what stands between the marks made anew."""
    before, _, rest = text.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}{listing()}{_END}{after}"


def listing() -> str:
    """The signatures of the client and what each does, and the fields of what comes back."""
    return "\n".join(["```python", *_functions(), "```", "", "```python", *_values(), "```", ""])


def _functions() -> Iterator[str]:
    yield _described("load_signer", client.load_signer)
    yield (
        _described("GatewayClient", client.GatewayClient.__init__, client.GatewayClient)
        .replace("self, ", "")
        .replace(") -> None", ")")
    )
    for name, method in vars(client.GatewayClient).items():
        if inspect.isfunction(method) and not name.startswith("_"):
            yield _described(f"GatewayClient.{name}", method).replace("(self, ", "(").replace("(self)", "()")


def _described(name: str, function: object, about: object = None) -> str:
    signature = str(inspect.signature(function))  # type: ignore[arg-type]
    first = (inspect.getdoc(about or function) or "").split("\n")[0]
    return f"{name}{_short(signature)}" + (f"\n    # {first}" if first else "")


def _values() -> Iterator[str]:
    for name in client.__all__:
        kind = getattr(client, name)
        if hasattr(kind, "__dataclass_fields__"):
            fields = ", ".join(
                f"{one.name}: {_short(str(_type(one.type)))}" for one in kind.__dataclass_fields__.values()
            )
            yield f"{name}({fields})"


def _type(given: object) -> object:
    return given.__name__ if inspect.isclass(given) and not hasattr(given, "__origin__") else given


def _short(text: str) -> str:
    """Types as they are called in this page, without the modules that they stand in."""
    bare = re.sub(r"\b(?:[a-z_]\w*\.)+([A-Z]\w*)", r"\1", text.replace("datetime.date", "date"))
    bare = re.sub(r"ForwardRef\('(\w+)'\)", r"\1", bare)
    return re.sub(r"(?<!= )'([^']*)'", r"\1", bare)  # a default keeps its quotation marks


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
