"""What the bookings room decides; each function returns `Permit(BookingPlan)` or `Refuse` with every reason."""

from typing import TYPE_CHECKING

from libops.base.packages import offering

if TYPE_CHECKING:
    from libops.bookings.decide.book import (
        free_spans,
        make_booking,
        make_series,
    )
    from libops.bookings.decide.closings import act_in_closing, close_booking, falls_into, flag_booking
    from libops.bookings.decide.facts import (
        BookingFacts,
        BookingPlan,
        BookingRequest,
        JobFacts,
        LifeFacts,
    )
    from libops.bookings.decide.job import (
        cancel_job,
        collect_job,
        fail_job,
        finish_job,
        queue_job,
        start_job,
        submit_job,
    )
    from libops.bookings.decide.life import (
        approve_booking,
        cancel_booking,
        change_booking,
        end_booking,
        join_waiting_list,
        leave_waiting_list,
        mark_no_show,
        offer_next,
        reject_booking,
        start_booking,
    )
    from libops.bookings.decide.register import (
        change_certification,
        change_resource,
        register_resource,
        stock_material,
    )
else:
    __getattr__ = offering(__name__, "book", "closings", "facts", "job", "life", "register")

__all__ = [
    "act_in_closing",
    "close_booking",
    "falls_into",
    "flag_booking",
    "BookingFacts",
    "BookingPlan",
    "BookingRequest",
    "JobFacts",
    "LifeFacts",
    "approve_booking",
    "cancel_booking",
    "cancel_job",
    "change_booking",
    "change_certification",
    "change_resource",
    "collect_job",
    "end_booking",
    "fail_job",
    "finish_job",
    "free_spans",
    "join_waiting_list",
    "leave_waiting_list",
    "make_booking",
    "make_series",
    "mark_no_show",
    "offer_next",
    "queue_job",
    "register_resource",
    "reject_booking",
    "start_booking",
    "start_job",
    "stock_material",
    "submit_job",
]
