"""The command line ``esad``. Every command: ``--help``, ``--json``, and one of three exit codes.

0 fine · 1 the document or the answer is negative · 2 wrong usage, which includes a file that cannot be read
"""

import sys
from collections.abc import Sequence
from typing import NoReturn

from esad_gateway.cli import language, output
from esad_gateway.cli.group import root
from esad_gateway.cli.output import exit_code_of
from esad_gateway.errors import EsadError


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run ``esad`` with ``arguments`` (those of the process by default) and end with an exit code.

    Errors of the package are said in one line on standard error; a traceback means a fault of the program.
    """
    language.begin()
    try:
        root()(args=arguments, prog_name="esad")
    except EsadError as error:
        output.note(error.what)
        sys.exit(exit_code_of(error))
    sys.exit(0)
