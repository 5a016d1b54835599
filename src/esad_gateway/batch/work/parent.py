"""A worker that a gateway has started ends with it, however that ends: nobody is left who works on its store."""

import ctypes
import os
import signal
import sys
from typing import Final

_WHEN_THE_PARENT_ENDS: Final = 1
"""PR_SET_PDEATHSIG (prctl(2))."""


def end_with(parent: int) -> None:
    """Have SIGTERM sent to us as soon as our parent has ended, at once where it has; elsewhere than on Linux never."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_WHEN_THE_PARENT_ENDS, int(signal.SIGTERM))
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)
