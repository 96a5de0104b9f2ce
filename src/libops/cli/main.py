"""Running the command: parse, do, and turn errors into exit codes."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from libops.base.errors import BackendError, Conflict, LibopsError, NotFound, PluginError
from libops.cli.arguments import parser
from libops.cli.output import Output

__all__ = ["main"]

DONE, REFUSED, MISUSED, NOT_FOUND, BROKEN, BUSY = range(6)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the `libops` command and return its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    known = parser()
    if words and words[0].startswith("--") and words[0] not in ("--help", "--version"):
        known.error(f"{words[0]} stands behind the verb: libops check-out ... {' '.join(words[:2])}")
    arguments = known.parse_args(words)
    output = Output(as_json=arguments.json)
    try:
        code: int = arguments.run(arguments, output)
        return code
    except LibopsError as error:
        print(f"libops: {error}", file=sys.stderr)
        return code_of(error)
    except KeyboardInterrupt:
        print("libops: stopped; what was committed stays", file=sys.stderr)
        return 130


def code_of(error: LibopsError) -> int:
    """The exit code for an error."""
    if isinstance(error, NotFound):
        return NOT_FOUND
    if isinstance(error, Conflict):
        return BUSY
    if isinstance(error, BackendError | PluginError):
        return BROKEN
    return MISUSED
