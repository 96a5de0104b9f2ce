"""The SMTP channel: messages by mail, through the standard library's client, imported when the first one goes out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from libops.hooks.markers import hookimpl
from libops.hooks.specs.channels import Channel, Sender

__all__ = ["libops_channels"]


def open_server(options: Mapping[str, Any]) -> Sender:
    from libops.hooks.builtin.smtp.sender import SmtpSender

    return SmtpSender(options)


@hookimpl
def libops_channels() -> Iterable[Channel]:
    return [Channel("smtp", ("email",), open_server)]
