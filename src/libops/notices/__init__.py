"""Notices: what the library writes to its patrons.

A notice policy says which notices a loan or hold brings: upon, before or after something, once or again and again. The
planner turns that into occasions, each told once and for all, and gathers those that belong together into one
message. A message is committed with the act that caused it and waits in the outbox; just before it goes out every
occasion is asked again whether it still stands, and what still stands is put into words from a template in the
patron's language. A channel that fails is tried again later, and a failure stays visible.
"""

from typing import TYPE_CHECKING

from libops.base.packages import offering

if TYPE_CHECKING:
    from libops.notices.decide import NO_NOTICES, MessagePlan, address_of, channel_for, write
    from libops.notices.model import Message, NoticeTrack, Occasion, OutboxEntry, OutboxState, Trigger
    from libops.notices.planner import PlannedNotice, Telling, due_notices, enter, notices_upon, told
    from libops.notices.policy import AHEAD, Counted, Digest, Notice, NoticePolicy, OnClosedDays, Timing
    from libops.notices.render import Reader, rendered
    from libops.notices.templates import (
        LANGUAGES,
        LINE_VARIABLES,
        VARIABLES,
        PlainFormat,
        Template,
        TemplateFormat,
        Text,
        built_in_templates,
        problems_of,
        text_for,
    )
    from libops.notices.timing import moments, send_time
else:
    __getattr__ = offering(__name__, "model", "policy", "planner", "render", "templates", "timing", "decide")

__all__ = [
    "AHEAD",
    "LANGUAGES",
    "LINE_VARIABLES",
    "NO_NOTICES",
    "VARIABLES",
    "Counted",
    "Digest",
    "Message",
    "MessagePlan",
    "Notice",
    "NoticePolicy",
    "NoticeTrack",
    "Occasion",
    "OnClosedDays",
    "OutboxEntry",
    "OutboxState",
    "PlainFormat",
    "PlannedNotice",
    "Reader",
    "Telling",
    "Template",
    "TemplateFormat",
    "Text",
    "Timing",
    "Trigger",
    "address_of",
    "built_in_templates",
    "channel_for",
    "due_notices",
    "enter",
    "moments",
    "notices_upon",
    "problems_of",
    "rendered",
    "send_time",
    "text_for",
    "told",
    "write",
]
