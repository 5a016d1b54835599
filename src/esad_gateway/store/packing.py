"""How the bytes of documents are kept. It loads next to nothing, for processes that only look at bytes.

A document is mostly what all documents say, and the certificates of its signer, which its next one carries again. So it
is compressed with a dictionary of what messages say (``tests/helpers/build_dictionary.py`` makes it), and its
certificates are kept once for all documents that carry the same.
"""

import hashlib
import threading
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Final

import zstandard

from esad_gateway.errors import StoreDamaged, StoreUnavailable
from esad_gateway.faults import Said, said
from esad_gateway.file_errors import why

DICTIONARIES: Final[Mapping[int, str]] = MappingProxyType(
    {1: "c55dd0079535d561e3f297ab38d5a806778ed5195e58432fb36b6c5834ff5b3a"}
)
"""SHA-256 of every dictionary that ever was, by its number, which stands in what was packed with it."""

NEWEST: Final = max(DICTIONARIES)

HOW: Final = zstandard.ZstdCompressionParameters(
    strategy=zstandard.STRATEGY_GREEDY,
    window_log=17,
    hash_log=15,
    chain_log=15,
    search_log=4,
    min_match=6,
    write_content_size=True,
    write_dict_id=True,
)
"""How zstd packs. The figures are those that a search found best for messages: no level of zstd packs as small in the
time that level 1 takes without a dictionary."""

QUICKLY: Final = zstandard.ZstdCompressionParameters(
    strategy=zstandard.STRATEGY_FAST,
    window_log=17,
    hash_log=15,
    chain_log=15,
    search_log=1,
    min_match=6,
    write_content_size=True,
    write_dict_id=True,
)
"""How it packs what is soon removed again: in a third of the time, a sixth larger."""

FOLDER: Final = Path(__file__).parent / "dictionaries"
_MARK: Final = b"X509Certificate>"
_MOST_CUT: Final = 64 * 1024
"""Bytes, what eight certificates of the longest keys take, with lines between them."""


class PackedDraft(bytes):
    """A document that somebody has packed already."""


class Dictionaries:
    """The dictionaries in a folder; each is read when it is needed first, and refused when it is not as it was made."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self.to_read = cache(self._dictionary)
        self.to_write = cache(partial(self._prepared, HOW))
        self.to_write_quickly = cache(partial(self._prepared, QUICKLY))

    def _dictionary(self, number: int) -> zstandard.ZstdCompressionDict:
        if number not in DICTIONARIES:
            raise StoreDamaged(said("store.dictionary_later", number=number, newest=NEWEST))
        file = self._folder / f"{number}.zdict"
        try:
            content = file.read_bytes()
        except OSError as error:
            raise StoreUnavailable(said("store.dictionary_unread", file=str(file), why=why(error))) from error
        if hashlib.sha256(content).hexdigest() != DICTIONARIES[number]:
            raise StoreUnavailable(said("store.dictionary_damaged", file=str(file)))
        return zstandard.ZstdCompressionDict(content, dict_type=zstandard.DICT_TYPE_FULLDICT)

    def _prepared(self, how: zstandard.ZstdCompressionParameters) -> zstandard.ZstdCompressionDict:
        """The newest, with the tables for packing, which all threads share."""
        newest = self._dictionary(NEWEST)
        newest.precompute_compress(compression_params=how)
        return newest


class Packer(threading.local):
    """Packs and unpacks with the dictionaries of a folder.

    Each thread has compressors of its own: they cannot be shared, and making one costs more than packing a message.
    """

    def __init__(self, dictionaries: Dictionaries) -> None:
        self._dictionaries = dictionaries
        self._to_write: zstandard.ZstdCompressor | None = None
        self._quick: zstandard.ZstdCompressor | None = None
        self._to_read: dict[int, zstandard.ZstdDecompressor] = {}

    def pack(self, body: bytes) -> bytes:
        """Bytes, compressed. Raises StoreUnavailable when the dictionary is missing or damaged."""
        if self._to_write is None:
            self._to_write = zstandard.ZstdCompressor(dict_data=self._dictionaries.to_write(), compression_params=HOW)
        return self._to_write.compress(body)

    def pack_quickly(self, body: bytes) -> bytes:
        """The same for what is kept for a while only. Raises as :meth:`pack`."""
        if self._quick is None:
            dictionary = self._dictionaries.to_write_quickly()
            self._quick = zstandard.ZstdCompressor(dict_data=dictionary, compression_params=QUICKLY)
        return self._quick.compress(body)

    def unpack(self, packed: bytes, certificates: bytes = b"") -> bytes:
        """Bytes as they were, with the certificates that were cut out, if any.

        Raises StoreDamaged for what nobody packed, StoreUnavailable when the dictionary is missing or damaged.
        """
        try:
            number = zstandard.get_frame_parameters(packed).dict_id
            rest = self._reader(number).decompress(packed, allow_extra_data=False)
        except (zstandard.ZstdError, MemoryError) as error:
            raise StoreDamaged(said("store.not_unpacked", words=str(error))) from error
        return whole(rest, certificates)

    def _reader(self, number: int) -> zstandard.ZstdDecompressor:
        found = self._to_read.get(number)
        if found is None:
            dictionary = self._dictionaries.to_read(number) if number else None
            found = self._to_read[number] = zstandard.ZstdDecompressor(dict_data=dictionary)
        return found


_PACKER: Final = Packer(Dictionaries())
pack: Final = _PACKER.pack
pack_quickly: Final = _PACKER.pack_quickly
unpack: Final = _PACKER.unpack


def cut(body: bytes) -> tuple[bytes, bytes]:
    """A document without its certificates, and all of these with what is between them; ``whole`` puts them together.

    There may be none. Any bytes are taken: what a mark elsewhere cuts out is put back in the same way. What would be
    longer than certificates are stays where it is, to be packed with the document.
    """
    begin = body.find(_MARK) + len(_MARK)
    end = body.rfind(b"<", begin, body.rfind(_MARK))
    if begin < len(_MARK) or not begin <= end <= begin + _MOST_CUT:
        return body, b""
    return body[:begin] + body[end:], body[begin:end]


def whole(rest: bytes, certificates: bytes) -> bytes:
    """A document from what ``cut`` made of it. Raises StoreDamaged when certificates have no place in it."""
    if not certificates:
        return rest
    place = rest.find(_MARK) + len(_MARK)
    if place < len(_MARK):
        raise StoreDamaged(Said("store.no_place"))
    return rest[:place] + certificates + rest[place:]
