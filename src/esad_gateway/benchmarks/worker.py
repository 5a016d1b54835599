"""One of several processes on a store: takes groups of messages when it is told to, and says what that took.

Run as a script by the interpreter of the build that is measured, so it uses nothing but what every build has.
"""

import json
import sys
import time
from pathlib import Path

from esad_gateway.benchmarks.ours import Ours
from esad_gateway.bootstrap import Parts, build


def main(root: str) -> None:
    """A line of JSON is a round: a list of groups of documents. It is read, begun at the next line, and answered."""
    ours = Ours(build(Parts(Path(root))))
    while line := sys.stdin.readline():
        groups = [[document.encode() for document in group] for group in json.loads(line)]
        print("ready", flush=True)  # noqa: T201 - whoever measures reads this
        sys.stdin.readline()
        cpu = time.process_time()
        for group in groups:
            ours.round_trip(group)
        print(time.process_time() - cpu, flush=True)  # noqa: T201 - and this


if __name__ == "__main__":
    main(sys.argv[1])
