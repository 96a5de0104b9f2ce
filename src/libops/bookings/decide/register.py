"""What may be booked, who may use it, and what the makerspace has in stock."""

from __future__ import annotations

from datetime import datetime

from libops.base.answers import answer
from libops.base.bounds import amount_at_least_zero, not_below
from libops.base.decisions import Decision
from libops.base.ids import PatronId
from libops.bookings.decide.facts import BookingPlan
from libops.bookings.events import CertificationChanged, MaterialStocked, ResourceChanged, ResourceRegistered
from libops.bookings.model import (
    CERTIFICATION_LEGAL,
    Booking,
    Certification,
    CertificationAct,
    Material,
    Resource,
)
from libops.bookings.reasons import CERTIFICATION_ACT_NOT_LEGAL, RESOURCE_GRID_FIXED, RESOURCE_KNOWN

__all__ = ["change_certification", "change_resource", "register_resource", "stock_material"]


def register_resource(stored: Resource | None, resource: Resource, *, at: datetime, by: str) -> Decision[BookingPlan]:
    """Let something be booked from now on; `stored` is what is stored under its id.

    Raises `InvalidValue` for a capacity below 1.
    """
    not_below(1, "capacity", resource.capacity)
    asked = (("id free", RESOURCE_KNOWN(resource=resource.id, name=stored.name) if stored else None),)
    return answer(asked, lambda _: BookingPlan((ResourceRegistered(at, by, resource),)))


def change_resource(
    stored: Resource, resource: Resource, ahead: tuple[Booking, ...], *, at: datetime, by: str
) -> Decision[BookingPlan]:
    """Change what is known of a resource; its slot length only while no open booking is `ahead`.

    Raises `InvalidValue` for a capacity below 1.
    """
    not_below(1, "capacity", resource.capacity)
    bound = stored.slot_minutes != resource.slot_minutes and any(booking.state.is_open for booking in ahead)
    fixed = RESOURCE_GRID_FIXED(resource=stored.id, slot_minutes=stored.slot_minutes, bookings=len(ahead))
    asked = (("grid stays", fixed if bound else None),)
    return answer(asked, lambda _: BookingPlan((ResourceChanged(at, by, resource),)))


def change_certification(
    stored: Certification | None,
    act: CertificationAct,
    *,
    patron_id: PatronId,
    subject: str,
    at: datetime,
    by: str,
    expires_at: datetime | None = None,
    why: str = "",
) -> Decision[BookingPlan]:
    """Ask for, grant, reject or revoke a certification; `stored` is what the patron has for the subject.

    Granting again renews it with a new expiry. A patron who was rejected, or whose certification was revoked, may ask
    again.
    """
    before = stored.state if stored else None
    legal = CERTIFICATION_LEGAL[before]
    would = tuple(possible.value for possible in legal)
    state = before.value if before else None
    asked = (
        (
            "act legal",
            None if act in legal else CERTIFICATION_ACT_NOT_LEGAL(act=act.value, state=state, legal=would),
        ),
    )
    ends = expires_at if act is CertificationAct.GRANT else None
    return answer(
        asked,
        lambda _: BookingPlan((CertificationChanged(at, by, patron_id, subject, legal[act], ends, why),)),
    )


def stock_material(material: Material, *, at: datetime, by: str) -> Decision[BookingPlan]:
    """Take a material in, count it anew or give it another price.

    Raises `InvalidValue` for an amount or a price below 0.
    """
    not_below(0, "decigrams_left", material.decigrams_left)
    amount_at_least_zero("price_per_gram", material.price_per_gram)
    return answer((), lambda _: BookingPlan((MaterialStocked(at, by, material),)))
