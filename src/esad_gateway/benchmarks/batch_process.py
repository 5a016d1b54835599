"""A worker that says how much memory it held at most: ``python -m esad_gateway.benchmarks.batch_process ROOT``."""

import json
import os
import resource
import sys
from pathlib import Path

from esad_gateway.batch.work.worker import work
from esad_gateway.benchmarks.builds import memory_mb


def main(root: str) -> None:
    """Work on the batches of a data directory, as ``esad worker`` does, and print MiB: our own and of our children."""
    work(Path(root))
    children = round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, 1)
    print(json.dumps({"own": memory_mb(os.getpid()), "children": children}))  # noqa: T201 - whoever measures reads this


if __name__ == "__main__":
    main(sys.argv[1])
