"""The command line ``esad``. Every command: ``--help``, ``--json``, and one of three exit codes.

0 fine · 1 the document or the answer is negative · 2 wrong usage, which includes a file that cannot be read

A gateway that cannot be reached, or an address at which none answers, is 1 in every command: the command was right, and
the same one may go through later. 2 says that it never will as it stands.
"""

import sys
from collections.abc import Sequence
from typing import NoReturn

from esad_gateway.cli.common import language, output
from esad_gateway.cli.common.output import exit_code_of
from esad_gateway.cli.group import root
from esad_gateway.errors import EsadError, UnreadableInput


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run ``esad`` with ``arguments`` (those of the process by default) and end with an exit code.

    Errors of the package are said on standard error, a line a reason; a traceback means a fault of the program.
    """
    language.begin(sys.argv[1:] if arguments is None else arguments)
    try:
        root()(args=arguments, prog_name="esad")
    except EsadError as error:
        for reason in error.reasons if isinstance(error, UnreadableInput) else (error.what,):
            output.note(reason)
        sys.exit(exit_code_of(error))
    sys.exit(0)
