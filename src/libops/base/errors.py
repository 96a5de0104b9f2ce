"""Errors: misuse, conflict and broken backends. A library's own "no" is never an exception but a `Refuse`.

Every error shows the value that was wrong and says what would be right.
"""

from __future__ import annotations

__all__ = [
    "BackendError",
    "Conflict",
    "DeviceError",
    "FormatError",
    "InvalidValue",
    "LibopsError",
    "NotFound",
    "OutcomeUnknown",
    "SchemaMismatch",
    "SettingsError",
]


class LibopsError(Exception):
    """Anything libops raises on purpose."""


class InvalidValue(LibopsError, ValueError):
    """A value that cannot be what it is said to be: the message shows it and what would be right."""


class NotFound(LibopsError, LookupError):
    """No record, file, plugin or setting of that name."""


class Conflict(LibopsError):
    """A record that was read has changed since, or a key is taken: nothing was written; read and decide again."""


class BackendError(LibopsError):
    """The storage, a channel or a service behind it failed: nothing was written."""


class OutcomeUnknown(BackendError):
    """The store went away while it committed: all of the act was written or nothing. Look before you do it again."""


class SchemaMismatch(BackendError):
    """A store written by another version of libops, or a damaged one."""


class SettingsError(LibopsError, ValueError):
    """Settings that cannot be used; `problems` lists all of them, each with its path."""

    def __init__(self, message: str, problems: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class DeviceError(LibopsError):
    """A device that did not do what it was asked."""


class FormatError(LibopsError, ValueError):
    """A record or file that cannot be read or written in the format asked for."""
