"""How the bytes of documents are kept. It loads next to nothing, for processes that only look at bytes."""

import threading
from typing import Final

import zstandard

from esad_gateway.errors import StoreDamaged


class _CompressorOfThread(threading.local):
    """One of each a thread: they cannot be shared, and making one costs as much as compressing a message."""

    def __init__(self) -> None:
        self.zstd = zstandard.ZstdCompressor(level=1)
        self.back = zstandard.ZstdDecompressor()


_COMPRESSOR: Final = _CompressorOfThread()


def pack(body: bytes) -> bytes:
    """Bytes, compressed."""
    return _COMPRESSOR.zstd.compress(body)


def unpack(body: bytes) -> bytes:
    """Bytes, as they were. Raises StoreDamaged for what is not what was packed."""
    try:
        return _COMPRESSOR.back.decompress(body)
    except zstandard.ZstdError as error:
        raise StoreDamaged(f"a document cannot be unpacked ({error})") from error
