"""Files that are named at the command line: read and written, with a plain word for what cannot be.

A path that is no file, a disk that is full, a file of another program in place of text: each is wrong use, told in a
sentence, and never a traceback.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from libops.base.errors import InvalidValue, NotFound

__all__ = ["lines_of", "text_of", "written"]


@contextmanager
def told(path: Path, act: str, wanted: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise NotFound(f"cannot {act} {str(path)!r}: {error.strerror}; {wanted}") from None
    except OSError as error:
        raise InvalidValue(f"cannot {act} {str(path)!r}: {error.strerror}; {wanted}") from None


def text_of(path: Path, wanted: str) -> str:
    """The text of a file in UTF-8. `wanted` says what would be right.

    Raises `NotFound` for a file that is not there, `InvalidValue` for one that cannot be read or is no such text.
    """
    with told(path, "read", wanted):
        read = path.read_bytes()
    try:
        return read.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidValue(
            f"{str(path)!r} is no text in UTF-8: byte {error.start} is 0x{read[error.start]:02x}; {wanted}"
        ) from None


def lines_of(path: Path) -> list[tuple[int, str]]:
    """The lines of a file of barcodes, numbered as they stand there; empty ones are left out."""
    lines = text_of(path, "give a file of barcodes, one a line").splitlines()
    return [(place, line) for place, line in enumerate(lines, 1) if line.strip()]


def written(path: Path | None, content: str | bytes) -> None:
    """Write a file, if one was asked for."""
    if path is not None:
        with told(path, "write", "name a file in a folder that is there"):
            path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
