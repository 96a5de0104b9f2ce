"""What bookings are made of: resources and slots, bookings, series, certifications, makerspace jobs."""

from typing import TYPE_CHECKING

from libops.base.packages import offering

if TYPE_CHECKING:
    from libops.bookings.model.booking import (
        BOOKING_LEGAL,
        Booking,
        BookingAct,
        BookingState,
        ChargeCause,
        PlannedCharge,
        WaitingEntry,
        first_waiting,
        next_booking_start,
    )
    from libops.bookings.model.certification import (
        CERTIFICATION_LEGAL,
        Certification,
        CertificationAct,
        CertificationState,
        certification_key,
    )
    from libops.bookings.model.job import (
        JOB_LEGAL,
        Estimate,
        FileFacts,
        Job,
        JobAct,
        JobState,
        Material,
        RunningJob,
        facts_of_gcode,
        queue_of,
    )
    from libops.bookings.model.recurrence import (
        LONGEST_SERIES,
        Recurrence,
        occurrences,
    )
    from libops.bookings.model.resource import (
        EPOCH,
        BookedSlot,
        Resource,
        slot_key,
        slots_between,
    )
    from libops.bookings.model.tally import BookingTally, tally_key, tally_keys
else:
    __getattr__ = offering(__name__, "booking", "certification", "job", "recurrence", "resource", "tally")

__all__ = [
    "BOOKING_LEGAL",
    "BookedSlot",
    "Booking",
    "BookingAct",
    "BookingState",
    "BookingTally",
    "CERTIFICATION_LEGAL",
    "Certification",
    "CertificationAct",
    "CertificationState",
    "ChargeCause",
    "EPOCH",
    "Estimate",
    "FileFacts",
    "JOB_LEGAL",
    "Job",
    "JobAct",
    "JobState",
    "LONGEST_SERIES",
    "Material",
    "PlannedCharge",
    "Recurrence",
    "Resource",
    "RunningJob",
    "WaitingEntry",
    "certification_key",
    "facts_of_gcode",
    "first_waiting",
    "next_booking_start",
    "occurrences",
    "queue_of",
    "slot_key",
    "slots_between",
    "tally_key",
    "tally_keys",
]
