"""Due dates: from the terms of a loan policy and a library's calendar to the moment a loan is due.

`DueTerms` holds every option as data; `due_date` is a pure function of terms, loan time, calendar and what cuts the
loan short. A date goes through the same steps always: the period (or the schedule's date), demand for the title, closed
days or closing time, then the ceilings: schedule, ceiling date, the patron's expiry, the next booking. It is never
before the loan. `renewal_due`, `recall_due` and `due_after_calendar_change` do the same for a loan that is out.
"""

from typing import TYPE_CHECKING

from libops.base.packages import offering

if TYPE_CHECKING:
    from libops.circulation.policy.due.compute import due_date
    from libops.circulation.policy.due.later import (
        RecallTerms,
        due_after_calendar_change,
        recall_due,
        renewal_due,
        renewal_gains,
    )
    from libops.circulation.policy.due.reasons import BEFORE_LOAN, NEVER_OPEN, OUTSIDE_SCHEDULE
    from libops.circulation.policy.due.terms import (
        END_OF_DAY,
        AfterCut,
        CalendarChange,
        ClosedDays,
        ClosingTime,
        Demand,
        DemandMeasure,
        DemandTerms,
        Due,
        DueTerms,
        ExpiryCut,
        FixedDue,
        Profile,
        ScheduleUse,
    )
else:
    __getattr__ = offering(__name__, "reasons", "compute", "later", "terms")

__all__ = [
    "BEFORE_LOAN",
    "END_OF_DAY",
    "NEVER_OPEN",
    "OUTSIDE_SCHEDULE",
    "AfterCut",
    "CalendarChange",
    "ClosedDays",
    "ClosingTime",
    "Demand",
    "DemandMeasure",
    "DemandTerms",
    "Due",
    "DueTerms",
    "ExpiryCut",
    "FixedDue",
    "Profile",
    "RecallTerms",
    "ScheduleUse",
    "due_after_calendar_change",
    "due_date",
    "recall_due",
    "renewal_due",
    "renewal_gains",
]
