"""How a file is to be taken: what its sender may say of it, checked, the same at every door."""

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from esad_gateway.batch.tables.columns import BatchKind

LONGEST_MAPPING: Final = 64 * 1024
"""Characters of a mapping file."""


class UploadAsked(BaseModel):
    """How a file is to be taken; in the query, or as fields of the form."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: BatchKind | None = Field(None, description="what its rows are; has to be said")
    mode: Literal["row-wise", "all-or-nothing"] = Field(
        "row-wise",
        description="what happens to the good documents when others are refused; all-or-nothing judges dispatches as "
        "they will be when they are submitted, and takes up to 64 of them at once; of more, an ARC that is given stays "
        "when somebody changes the register just then",
    )
    format: Literal["csv", "xlsx", "ods", "xml", "jsonl", "signed"] | None = Field(
        None, description="otherwise the media type, the name or the content tells"
    )
    encoding: str | None = Field(None, max_length=40, description="of CSV: utf-8 or windows-1257; never guessed")
    delimiter: Literal[";", ",", "tab"] | None = Field(None, description="of CSV; otherwise the headings tell")
    sheet: str | None = Field(None, max_length=255, description="of several; otherwise the first is taken")
    mapping: str | None = Field(None, max_length=LONGEST_MAPPING, description="a mapping file (TOML)")
    language: Literal["en", "lt"] | None = Field(None, description="of corrections; otherwise that of the headings")
    name: str | None = Field(None, max_length=255, description="what the file is called")

    def declared(self, format: str | None, charset: str) -> dict[str, str]:  # noqa: A002 - as it is called everywhere
        """What is said of the file, as its readers take it; ``format`` and ``charset`` as something else tells them."""
        told: dict[str, str] = self.model_dump(include={"encoding", "sheet", "mapping", "language"}, exclude_none=True)
        if charset:
            told.setdefault("encoding", charset)
        if format:
            told["format"] = format
        if self.delimiter:
            told["delimiter"] = "\t" if self.delimiter == "tab" else self.delimiter
        return told
