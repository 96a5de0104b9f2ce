"""Running the command: parse, do, and turn errors into exit codes."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence

from libops.base.errors import BackendError, Conflict, DeviceError, InvalidValue, LibopsError, NotFound
from libops.cli.arguments import parser
from libops.cli.output import Output

__all__ = ["main"]

DONE, REFUSED, MISUSED, NOT_FOUND, BROKEN, BUSY = range(6)
CLOSED, STOPPED = 141, 130
"""The reader of a pipe had enough, as `head` has; somebody pressed Ctrl-C. Both as a shell counts signals."""
LOG = logging.getLogger("libops")


class Sentences(logging.Handler):
    """Tells what the library logs as people read it, on the error stream: a sentence, no traceback."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        why = "" if error is None else f": {type(error).__name__}: {error}"
        print(f"libops: {record.getMessage()}{why}", file=sys.stderr)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the `libops` command and return its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    output = Output(as_json="--json" in words)
    told = Sentences(logging.WARNING)
    LOG.addHandler(told)
    try:
        arguments = parser().read(words)
        arguments.output = output
        code: int = arguments.run(arguments, output)
        sys.stdout.flush()
        return code
    except LibopsError as error:
        return failed(error, output)
    except BrokenPipeError:
        # What Python would still write at its end goes nowhere, so that it does not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLOSED
    except OSError as error:
        place = f"{str(error.filename)!r}: " if error.filename else ""
        return failed(InvalidValue(f"{place}{error.strerror or error}"), output)
    except KeyboardInterrupt:
        print("libops: stopped; what was committed stays", file=sys.stderr)
        return STOPPED
    finally:
        LOG.removeHandler(told)


def failed(error: LibopsError, output: Output) -> int:
    """Tell an error, to people and to programs; returns its exit code."""
    print(f"libops: {error}", file=sys.stderr)
    if output.as_json:
        output.value({"error": {"type": type(error).__name__, "message": str(error)}})
    return code_of(error)


def code_of(error: LibopsError) -> int:
    """The exit code for an error."""
    if isinstance(error, NotFound):
        return NOT_FOUND
    if isinstance(error, Conflict):
        return BUSY
    if isinstance(error, BackendError | DeviceError):
        return BROKEN
    return MISUSED
