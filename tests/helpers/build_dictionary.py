"""Makes the dictionary that documents are packed with: ``PYTHONPATH=src:tests python`` with this file.

It is the same every time, from the same words and the same library. A dictionary that has shipped is never changed,
since what was packed with it could not be read any more: a better one gets the next number.
"""

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any, Final

import zstandard
from lxml import etree

from esad_gateway.emcs.messages import MESSAGES
from esad_gateway.emcs.messages.fields import Text
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.store.packing import FOLDER, NEWEST, cut
from esad_gateway.xml.release import current
from helpers.filled import filled
from helpers.fixtures import load
from helpers.pki import load as identity

FIXTURES: Final = Path(__file__).parents[2] / "fixtures"
SIZE: Final = 64 * 1024
SEED: Final = 20_230_213
EACH: Final = 6
OFTEN: Final = {"IE815": 24, "IE801": 90, "IE818": 24}
"""How often a document of a type is drawn anew from each sample; the rest is ``EACH``."""

STATES: Final = ("LT", "PL", "LV", "EE", "DE", "FR", "IT", "ES", "NL", "BE", "FI", "SE", "DK", "AT", "CZ", "PT", "IE")
PRODUCTS: Final = {
    "W200": "22042138 22042179 22042942 22042183",
    "W300": "22041011 22041093",
    "B000": "22030001 22030009 22060039",
    "S200": "22082029 22083011 22083030 22086011 22087010",
    "S300": "22071000 22089091",
    "I000": "22051010 22060059",
    "T200": "24022090",
    "T300": "24021000",
    "T400": "24031990",
    "E410": "27101245",
    "E430": "27102011 27101943",
    "E500": "27111297",
    "E600": "27112900",
}
_CAPITALS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Words:
    """What free texts are made of."""

    firms: Sequence[str]
    streets: Sequence[str]
    towns: Sequence[str]
    goods: Sequence[str]


def words(firms: str, streets: str, towns: str, goods: str) -> Words:
    """Words from texts in which semicolons stand between them."""
    return Words(*(text.split("; ") for text in (firms, streets, towns, goods)))


TRAINING: Final = words(
    firms="UAB Gintaras; SIA Dzintars; OÜ Merevaik; Bursztyn Sp. z o.o.; Bernstein GmbH; Ambre SARL; Ambra S.r.l.; "
    "Ámbar S.L.; Barnsteen B.V.; Meripihka Oy; Bärnsten AB; Rav ApS; Jantar s.r.o.",
    streets="Ąžuolų g.; Liepu iela; Kase tn; ul. Lipowa; Lindenstraße; rue des Tilleuls; via dei Tigli; "
    "calle de los Tilos; Lindelaan; Koivutie; Björkgatan; Birkevej; Lipová",
    towns="Klaipėda; Rīga; Tartu; Gdańsk; Rostock; Nantes; Ancona; Gijón; Breda; Turku; Malmö; Aarhus; Brno; "
    "Šiauliai; Liepāja; Porto",
    goods="Red wine in bottles; Sparkling wine; Lager beer in cans; Beer in kegs; Whisky; Vodka in bottles; "
    "Cigarettes; Cigars; Smoking tobacco; Vermouth; Cider; Gas oil; Petrol",
)


class Drawing:
    """Messages like a sample, every value in them drawn anew."""

    def __init__(self, seed: int, words: Words = TRAINING) -> None:
        self.random = Random(seed)  # noqa: S311 - nothing here is secret
        self._words = words
        draw = self.random
        self._by_name: dict[str, Callable[[], str]] = {
            "trader_name": lambda: draw.choice(words.firms),
            "street_name": lambda: draw.choice(words.streets),
            "city": lambda: draw.choice(words.towns),
            "postcode": lambda: self._like("00-000"),
            "message_sender": lambda: f"NDEA.{self.state()}",
            "message_recipient": lambda: f"NDEA.{self.state()}",
            "message_identifier": self._identifier,
            "correlation_identifier": self._identifier,
            "administrative_reference_code": self._arc,
            "local_reference_number": lambda: self._like(f"{self.state()}-XXXXXXXXXXXX"),
            "cn_code": lambda: draw.choice(" ".join(PRODUCTS.values()).split()),
            "excise_product_code": lambda: draw.choice(list(PRODUCTS)),
            "reference_number": lambda: self._like(f"{self.state()}000000"),
            "language": lambda: self.state().lower(),
            "kind_of_packages": lambda: draw.choice(("BX", "PX", "CT", "BO", "KG", "CS")),
        }
        self._by_name |= dict.fromkeys(
            ("trader_excise_number", "traderid"), lambda: self._like(f"{self.state()}00000000000")
        )

        self._by_kind: dict[type, Callable[[Any], Any]] = {
            Decimal: lambda _: self._number(),
            datetime: lambda _: self._moment(),
            date: lambda _: self._moment().date(),
            time: lambda _: self._moment().time(),
            str: lambda text: self._like(text) if len(text) > len("D05") else text,
            bytes: lambda image: draw.randbytes(len(image)),
        }

    def message(self, sample: Any) -> Any:
        """One message."""
        names = [one.name for one in fields(sample)]
        return replace(sample, **{name: self._value(name, getattr(sample, name)) for name in names})

    def state(self) -> str:
        """A member state."""
        return self.random.choice(STATES)

    def _value(self, name: str, value: Any) -> Any:
        match value:
            case tuple():
                many = self.random.choice((1, 1, 2, 3, 5, 8)) if name.startswith("body_") and value else len(value)
                return tuple(self._value("", value[step % len(value)]) for step in range(many))
            case Text():
                return Text(self.random.choice(self._words.goods), self.state().lower())
            case str() if name in self._by_name:
                return self._by_name[name]()
            case _ if is_dataclass(value):
                return self.message(value)
            case _:
                return self._scalar(value)

    def _scalar(self, value: Any) -> Any:
        draw = self._by_kind.get(type(value))
        return draw(value) if draw else value

    def _moment(self) -> datetime:
        return datetime(2026, 1, 1) + timedelta(seconds=self.random.randrange(10**9 // 4))  # noqa: DTZ001 - as in documents

    def _number(self) -> Decimal:
        size = 10 ** self.random.randint(1, 6)
        return Decimal(self.random.randint(1, size)) / self.random.choice((1, 1, 10, 100))

    def _like(self, text: str) -> str:
        kinds = {"0": "0123456789", "X": "0123456789ABCDEF"}
        drawn = (self.random.choice(kinds[one]) if one in kinds else one for one in text)
        return "".join(str(self.random.randrange(10)) if one.isdigit() else one for one in drawn)

    def _identifier(self) -> str:
        digits = self.random.randbytes(16).hex()
        parts = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
        return self.random.choice((self.state() + "-", "")) + "-".join(parts)

    def _arc(self) -> str:
        drawn = "".join(self.random.choice(_CAPITALS + "0123456789") for _ in range(16))
        return f"{self.random.randint(26, 34)}{self.state()}{drawn}{self.random.randrange(10)}"

    def signature(self, document: bytes) -> bytes:
        """The document with another signature value of the same length: those of EC keys are never the same twice."""
        begin = document.index(b">", document.index(b"SignatureValue")) + 1
        end = document.index(b"<", begin)
        size = len(document[begin:end]) // 4 * 3 - document[begin:end].count(b"=")
        return document[:begin] + b64encode(self.random.randbytes(size)) + document[end:]


def samples() -> Iterator[Any]:
    """What is drawn from: every valid fixture, and a message in which everything is there of types without any."""
    for file in sorted(FIXTURES.glob("messages/*/valid/*.xml")):
        yield load(file)
    yield from (filled(kind) for kind in MESSAGES if not (FIXTURES / "messages" / kind.__name__.lower()).is_dir())


def documents(drawing: Drawing, often: Mapping[str, int] = OFTEN, otherwise: int = EACH) -> Iterator[bytes]:
    """Signed documents of every type, as the gateway and as other software writes them; so many from each sample."""
    signers = [XmlSigner(one.key, one.certificate) for one in map(identity, ("trader-rsa", "trader-p256"))]
    binder = current()
    for sample in samples():
        for number in range(often.get(type(sample).__name__, otherwise)):
            root = binder.write(drawing.message(sample))
            if number % 6 == 0:
                root = _indented(root)
            yield drawing.signature(signers[number % 2].sign(root))


def _indented(root: etree._Element) -> etree._Element:
    etree.indent(root)
    return root


def foreign() -> Iterator[bytes]:
    """Documents that other libraries have signed."""
    for file in sorted(FIXTURES.glob("signatures/valid/*.xml")):
        yield file.read_bytes()


def dictionary() -> bytes:
    """The dictionary."""
    drawing = Drawing(SEED)
    kept: list[bytes | bytearray | memoryview] = [cut(document)[0] for document in documents(drawing)]
    for document in foreign():
        kept += [cut(drawing.signature(document))[0] for _ in range(EACH)]
    made = zstandard.train_dictionary(SIZE, kept, k=4096, d=8, dict_id=NEWEST, level=5)
    return made.as_bytes()


if __name__ == "__main__":
    (FOLDER / f"{NEWEST}.zdict").write_bytes(dictionary())
