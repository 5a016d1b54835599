"""What the system says of a file or an address, in every language; what is rare is quoted."""

import errno
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from esad_gateway.faults import Said, said

KNOWN: Final[Mapping[int, Said]] = MappingProxyType(
    {
        errno.ENOENT: Said("file.ENOENT"),
        errno.EACCES: Said("file.EACCES"),
        errno.EPERM: Said("file.EPERM"),
        errno.EISDIR: Said("file.EISDIR"),
        errno.ENOTDIR: Said("file.ENOTDIR"),
        errno.EEXIST: Said("file.EEXIST"),
        errno.ENOSPC: Said("file.ENOSPC"),
        errno.EROFS: Said("file.EROFS"),
        errno.ENAMETOOLONG: Said("file.ENAMETOOLONG"),
        errno.EADDRINUSE: Said("file.EADDRINUSE"),
        errno.EADDRNOTAVAIL: Said("file.EADDRNOTAVAIL"),
    }
)
"""Numbers of errors -> what they mean."""


def why(error: OSError) -> Said:
    """What went wrong."""
    known = KNOWN.get(error.errno or 0)
    return known or said("file.system", words=error.strerror or str(error))


def file_error(file: object, error: OSError) -> Said:
    """What went wrong, with the name of the file."""
    return said("file.named", file=str(file), why=why(error))
