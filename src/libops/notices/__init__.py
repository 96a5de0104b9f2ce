"""Notices: what the library writes to its patrons.

A message is committed with the act that caused it and waits in the outbox; after the commit its channel is told.
A channel that fails is tried again later, and a failure stays visible.
"""

from libops.notices.model import Message, OutboxEntry, OutboxState

__all__ = ["Message", "OutboxEntry", "OutboxState"]
