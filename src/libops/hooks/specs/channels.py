"""Channels: how a message reaches a patron."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from attrs import field, frozen

from libops.hooks.markers import hookspec
from libops.hooks.specs.declared import asked, named, texts
from libops.notices.model import Message

__all__ = ["Channel", "Sender", "libops_channels"]


class Sender(Protocol):
    """An open channel."""

    def send(self, message: Message) -> None:
        """Hand the message over, once for each `message.key` even when called again after a crash.

        Anything raised keeps the message in the outbox to be tried again.
        """
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...


@frozen
class Channel:
    """A channel: its name in the settings, the kinds of messages it carries, and how it is opened.

    `open(options)` gets the table `[channels.NAME]` of the settings and returns a `Sender`.
    """

    name: str = field(validator=named)
    kinds: tuple[str, ...] = field(validator=texts)
    open: Callable[[Mapping[str, Any]], Sender] = field(validator=asked)


@hookspec
def libops_channels() -> Iterable[Channel]:  # type: ignore[empty-body]
    """Hand over the channels this plugin brings."""
