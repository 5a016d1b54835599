"""JSON that ends as a line does, for whoever reads it at a terminal."""

from typing import Any

from starlette.responses import JSONResponse


class JsonAnswer(JSONResponse):
    """An answer in JSON, with a line end behind it; ``content`` is what it says, for doors that say it otherwise."""

    content: Any

    def render(self, content: Any) -> bytes:
        """The bytes of the body."""
        self.content = content
        return super().render(content) + b"\n"
