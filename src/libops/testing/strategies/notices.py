"""Hypothesis strategies for notices: messages as channels get them."""

from __future__ import annotations

from hypothesis import strategies as st

from libops.base.ids import PatronId
from libops.notices.model import Message
from libops.testing.strategies.base import instants

__all__ = ["messages"]

ADDRESSES = {"email": "ada@example.org", "sms": "+49 30 1234567", "letter": "Ada Flores\n12 Mill Lane\nOxford"}
SUBJECTS = ("Overdue: Home truths", "Zurückgelegt: Käfer & Co.", "À rendre demain", "From the library")
BODIES = ("Dear Ada Flores,\n\nbring it back.\n", "From here on it is free.\n.\n\nBis bald!", "<b>31.3.</b> – 5 €\n")


@st.composite
def messages(draw: st.DrawFn) -> Message:
    """Messages of every kind of channel, with what mail stumbles over: a lone dot, a line that begins with From."""
    channel = draw(st.sampled_from(sorted(ADDRESSES)))
    return Message(
        key=f"overdue:loan-{draw(st.integers(1, 999)):03}:0:1",
        patron_id=PatronId("patron-001"),
        kind=draw(st.sampled_from(("overdue", "hold_ready", "courtesy"))),
        channel=channel,
        to=ADDRESSES[channel],
        subject=draw(st.sampled_from(SUBJECTS)),
        body=draw(st.sampled_from(BODIES)),
        language=draw(st.sampled_from(("en", "de", "fr", "es"))),
        made_at=draw(instants()),
        html=draw(st.booleans()),
    )
