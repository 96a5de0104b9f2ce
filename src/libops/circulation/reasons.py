"""Why the desk says no to a loan, or asks first. Each code has a row in the docs and words in every language."""

from __future__ import annotations

from libops.base.decisions import ReasonCode, Weight

__all__ = [
    "AGE_NOT_ALLOWED",
    "AGE_UNKNOWN",
    "CARD_EXPIRED",
    "CARD_EXPIRES_SOON",
    "CLAIMS_LIMIT",
    "CLOSING_OUTDATED",
    "CLAIM_NOT_OPEN",
    "CLAIM_OPEN",
    "DEBT_LIMIT",
    "DUE_BY_HAND",
    "DUE_IN_PAST",
    "FINE_FORGIVEN",
    "HAD_BEFORE",
    "ITEM_DAMAGED",
    "ITEM_IN_PROCESSING",
    "ITEM_LOSS_OVER",
    "ITEM_MISSING",
    "ITEM_NOT_FOR_LOAN",
    "ITEM_ON_LOAN",
    "ITEM_ON_LOAN_TO_PATRON",
    "ITEM_OUT_OF_SERVICE",
    "ITEM_UNKNOWN",
    "ITEM_WAS_LOST",
    "ITEM_WITHDRAWN",
    "LOAN_CHANGED",
    "LOAN_LIMIT_REACHED",
    "LOSS_ALREADY",
    "LOSS_NOT_LOST",
    "LOSS_NOT_ON_LOAN",
    "LOSS_NOT_OVER",
    "LOSS_TAKEN_OVER",
    "LOSS_NOT_SETTLED",
    "LOSS_TOO_EARLY",
    "LOST_LIMIT",
    "NOT_ON_LOAN",
    "NO_RULE",
    "ON_SITE_LIMIT_REACHED",
    "ON_SITE_ONLY",
    "OVERDUE_LIMIT",
    "OVERDUE_RECALLS_LIMIT",
    "PARTS_TO_COUNT",
    "PATRON_BAD_ADDRESS",
    "PATRON_RESTRICTED",
    "PATRON_SUSPENDED",
    "PATRON_UNKNOWN",
    "POLICY_NOT_LOANABLE",
    "RENEWAL_BOOKED",
    "RENEWAL_CLAIMED_RETURNED",
    "RENEWAL_ITEM_LOST",
    "RENEWAL_LASTS_TOO_LONG",
    "RENEWAL_LIMIT_REACHED",
    "RENEWAL_NOT_ALLOWED",
    "RENEWAL_NOT_AUTOMATIC",
    "RENEWAL_NOT_ON_LOAN",
    "RENEWAL_NOT_OPTED_IN",
    "RENEWAL_OVERDUE",
    "RENEWAL_RECALLED",
    "RENEWAL_TOO_EARLY",
    "RENEWAL_TOO_LATE",
    "RENEWAL_WANTED_BY_OTHERS",
    "RENEWAL_WITHOUT_GAIN",
    "RENTAL_FEE",
    "RETURNED_DAMAGED",
    "RETURNED_IN_PROCESSING",
    "RETURNED_IN_REPAIR",
    "RETURNED_MISSING",
    "RETURNED_OUT_OF_SERVICE",
    "RETURNED_WITHDRAWN",
    "SAME_TITLE_OUT",
    "TYPE_LIMIT_REACHED",
    "UNSEEN_RENEWAL_LIMIT_REACHED",
]

PATRON_UNKNOWN = ReasonCode("barcode.no_patron", Weight.ABSOLUTE)
"""No patron has this card; `looks_like` says what the text may be instead, `problem` what is wrong with it then."""

ITEM_UNKNOWN = ReasonCode("barcode.no_item", Weight.ABSOLUTE)
"""No item has this barcode; `looks_like` says what the text may be instead, `problem` what is wrong with it then."""

ITEM_ON_LOAN = ReasonCode("item.on_loan", Weight.ABSOLUTE)
"""Somebody else has the item."""

ITEM_ON_LOAN_TO_PATRON = ReasonCode("item.on_loan_to_patron", Weight.ABSOLUTE)
"""The patron has the item already: this would be a renewal."""

ITEM_WITHDRAWN = ReasonCode("item.withdrawn", Weight.ABSOLUTE)
"""The item has left the collection."""

ITEM_NOT_FOR_LOAN = ReasonCode("item.not_for_loan", Weight.OVERRIDABLE, "loan.not_for_loan")
"""The item itself is marked as not for loan."""

ITEM_DAMAGED = ReasonCode("item.damaged", Weight.CONFIRM)
"""The item is marked as damaged or in repair."""

ITEM_IN_PROCESSING = ReasonCode("item.in_processing", Weight.OVERRIDABLE, "loan.in_processing")
"""The item has not passed all required steps of processing."""

ITEM_OUT_OF_SERVICE = ReasonCode("item.out_of_service", Weight.ABSOLUTE)
"""A ticket holds the item: it may be neither lent nor booked before it is fixed."""

ITEM_MISSING = ReasonCode("item.missing", Weight.CONFIRM)
"""The item was marked as missing, and is in the desk's hands."""

NO_RULE = ReasonCode("rule.missing", Weight.ABSOLUTE)
"""No circulation rule covers this patron and item, or the one that does names no loan policy."""

POLICY_NOT_LOANABLE = ReasonCode("policy.not_loanable", Weight.OVERRIDABLE, "loan.not_loanable")
"""The loan policy does not lend such items."""

ON_SITE_ONLY = ReasonCode("policy.on_site_only", Weight.OVERRIDABLE, "loan.not_loanable")
"""The loan policy lends such items only for use in the house."""

CARD_EXPIRED = ReasonCode("patron.expired", Weight.OVERRIDABLE, "loan.expired_patron")
"""The patron's registration has expired."""

CARD_EXPIRES_SOON = ReasonCode("patron.expires_soon", Weight.ALERT)
"""The patron's registration expires soon."""

PATRON_RESTRICTED = ReasonCode("patron.restricted", Weight.OVERRIDABLE, "loan.restricted_patron")
"""Staff restricted the patron."""

PATRON_SUSPENDED = ReasonCode("patron.suspended", Weight.ALERT)
"""For the late return the patron may not borrow for some days."""

PATRON_BAD_ADDRESS = ReasonCode("patron.bad_address", Weight.OVERRIDABLE, "loan.restricted_patron")
"""Mail to the patron comes back."""

LOAN_LIMIT_REACHED = ReasonCode("loan.limit_reached", Weight.OVERRIDABLE, "loan.limit")
"""The patron has as many items out as the limit allows."""

TYPE_LIMIT_REACHED = ReasonCode("loan.type_limit_reached", Weight.OVERRIDABLE, "loan.limit")
"""The patron has as many items of this type, or group of types, as the limit allows."""

ON_SITE_LIMIT_REACHED = ReasonCode("loan.on_site_limit_reached", Weight.OVERRIDABLE, "loan.limit")
"""The patron has as many items in use in the house as the limit allows."""

OVERDUE_LIMIT = ReasonCode("patron.overdue_limit", Weight.OVERRIDABLE, "loan.overdue_patron")
"""Too many of the patron's loans are overdue."""

OVERDUE_RECALLS_LIMIT = ReasonCode("patron.overdue_recalls_limit", Weight.OVERRIDABLE, "loan.overdue_patron")
"""Too many loans that others recalled are overdue."""

DEBT_LIMIT = ReasonCode("patron.debt_limit", Weight.OVERRIDABLE, "loan.indebted_patron")
"""The patron owes too much."""

LOST_LIMIT = ReasonCode("patron.lost_limit", Weight.OVERRIDABLE, "loan.restricted_patron")
"""The patron has lost too many items."""

CLAIMS_LIMIT = ReasonCode("patron.claims_limit", Weight.OVERRIDABLE, "loan.restricted_patron")
"""The patron has claimed too often to have returned what is not there."""

SAME_TITLE_OUT = ReasonCode("loan.same_title_out", Weight.OVERRIDABLE, "loan.same_title")
"""The patron has another item of the same title out."""

HAD_BEFORE = ReasonCode("loan.had_before", Weight.CONFIRM)
"""The patron has borrowed the title before."""

AGE_NOT_ALLOWED = ReasonCode("patron.age_not_allowed", Weight.OVERRIDABLE, "loan.age")
"""The patron's age does not fit the item or the policy."""

AGE_UNKNOWN = ReasonCode("patron.age_unknown", Weight.CONFIRM)
"""An age is asked for and the patron's birth date is not known."""

PARTS_TO_COUNT = ReasonCode("item.parts_to_count", Weight.CONFIRM)
"""The item has parts to be counted before it goes out."""

RENTAL_FEE = ReasonCode("loan.rental_fee", Weight.CONFIRM)
"""The loan costs a fee that the patron agrees to first."""

FINE_FORGIVEN = ReasonCode("loan.fine_forgiven", Weight.OVERRIDABLE, "fees.amnesty")
"""The desk takes the item back without a fine: it must say why, and have the right."""

NOT_ON_LOAN = ReasonCode("item.not_on_loan", Weight.ALERT)
"""The scanned item was not on loan."""

RETURNED_DAMAGED = ReasonCode("return.damaged", Weight.ALERT)
"""The item is marked as damaged: look at it before it goes on the shelf."""

RETURNED_IN_PROCESSING = ReasonCode("return.in_processing", Weight.ALERT)
"""Required steps of processing are open: it goes there, not on the shelf."""

RETURNED_IN_REPAIR = ReasonCode("return.in_repair", Weight.ALERT)
"""The item is marked as in repair: it goes there, not on the shelf."""

RETURNED_MISSING = ReasonCode("return.was_missing", Weight.ALERT)
"""The item was marked as missing, and is found."""

RETURNED_OUT_OF_SERVICE = ReasonCode("return.out_of_service", Weight.ALERT)
"""A ticket holds the item: it is set apart until it is mended."""

RETURNED_WITHDRAWN = ReasonCode("return.withdrawn", Weight.ALERT)
"""The item has left the collection: it does not belong on the shelf."""

RENEWAL_NOT_ON_LOAN = ReasonCode("renewal.not_on_loan", Weight.ABSOLUTE)
"""Nobody has the item: there is no loan to renew."""

RENEWAL_NOT_ALLOWED = ReasonCode("renewal.not_allowed", Weight.OVERRIDABLE, "renewal.not_allowed")
"""The loan policy has no renewals."""

RENEWAL_LIMIT_REACHED = ReasonCode("renewal.limit_reached", Weight.OVERRIDABLE, "renewal.limit")
"""The loan was renewed as often as the policy allows."""

UNSEEN_RENEWAL_LIMIT_REACHED = ReasonCode("renewal.unseen_limit_reached", Weight.OVERRIDABLE, "renewal.limit")
"""The loan was renewed without the item being seen as often as the policy allows."""

RENEWAL_TOO_EARLY = ReasonCode("renewal.too_early", Weight.OVERRIDABLE, "renewal.not_allowed")
"""The loan may not be renewed yet."""

RENEWAL_WITHOUT_GAIN = ReasonCode("renewal.without_gain", Weight.OVERRIDABLE, "renewal.not_allowed")
"""The renewal would not move the due date later."""

RENEWAL_TOO_LATE = ReasonCode("renewal.too_late", Weight.OVERRIDABLE, "renewal.not_allowed")
"""The loan has lasted too long for an automatic renewal."""

RENEWAL_LASTS_TOO_LONG = ReasonCode("renewal.lasts_too_long", Weight.OVERRIDABLE, "renewal.limit")
"""Renewed, the loan would last longer than the policy allows in all."""

RENEWAL_WANTED_BY_OTHERS = ReasonCode("renewal.wanted_by_others", Weight.OVERRIDABLE, "renewal.wanted_by_others")
"""Others wait for the item, or for the title, and no other item can serve them."""

RENEWAL_RECALLED = ReasonCode("renewal.recalled", Weight.OVERRIDABLE, "renewal.wanted_by_others")
"""The loan was recalled for somebody else."""

RENEWAL_BOOKED = ReasonCode("renewal.booked", Weight.OVERRIDABLE, "renewal.wanted_by_others")
"""The item is booked within the time that the renewal would give."""

RENEWAL_OVERDUE = ReasonCode("renewal.overdue", Weight.OVERRIDABLE, "loan.overdue_patron")
"""The loan, or another of the patron's, is overdue, and the policy renews none then."""

RENEWAL_CLAIMED_RETURNED = ReasonCode("renewal.claimed_returned", Weight.OVERRIDABLE, "renewal.not_at_hand")
"""The patron says that the item was returned."""

RENEWAL_ITEM_LOST = ReasonCode("renewal.item_lost", Weight.OVERRIDABLE, "renewal.not_at_hand")
"""The item counts as lost."""

RENEWAL_NOT_AUTOMATIC = ReasonCode("renewal.not_automatic", Weight.OVERRIDABLE, "renewal.not_allowed")
"""The loan policy has no automatic renewals."""

RENEWAL_NOT_OPTED_IN = ReasonCode("renewal.not_opted_in", Weight.OVERRIDABLE, "renewal.not_allowed")
"""The patron has not asked for automatic renewals, and the policy waits for that."""

DUE_BY_HAND = ReasonCode("loan.due_by_hand", Weight.OVERRIDABLE, "loan.change_due")
"""A due date set by hand needs the right, and a reason."""

DUE_IN_PAST = ReasonCode("loan.due_in_past", Weight.ABSOLUTE)
"""A loan cannot be due before now."""

LOSS_NOT_ON_LOAN = ReasonCode("loss.not_on_loan", Weight.ABSOLUTE)
"""Nobody has the item: it may be missing, but no patron lost it."""

LOSS_ALREADY = ReasonCode("loss.already_lost", Weight.ABSOLUTE)
"""The item counts as lost already."""

LOSS_NOT_LOST = ReasonCode("loss.not_lost", Weight.ABSOLUTE)
"""The item does not count as lost."""

LOSS_TOO_EARLY = ReasonCode("loss.too_early", Weight.OVERRIDABLE, "loss.before_time")
"""The item is not overdue for long enough to count as lost, or to be charged."""

LOSS_NOT_SETTLED = ReasonCode("loss.not_settled", Weight.OVERRIDABLE, "loss.end_unsettled")
"""Something is open of what the loss costs, or its cost is not known yet."""

LOSS_NOT_OVER = ReasonCode("loss.not_over", Weight.OVERRIDABLE, "loss.end_early")
"""A return would still give something back, or the lost policy waits for it however long that takes."""

CLAIM_OPEN = ReasonCode("claim.already_open", Weight.ABSOLUTE)
"""The patron has said already that the item was returned."""

CLAIM_NOT_OPEN = ReasonCode("claim.not_open", Weight.ABSOLUTE)
"""Nobody claims to have returned the item."""

ITEM_WAS_LOST = ReasonCode("item.was_lost", Weight.ALERT)
"""The returned item counted as lost."""

LOSS_TAKEN_OVER = ReasonCode("loss.taken_over", Weight.ALERT)
"""Another patron took over charges for the loss: they are not taken off or refunded by the return."""

ITEM_LOSS_OVER = ReasonCode("item.loss_over", Weight.ALERT)
"""The scanned item was lost, and that loss is over: it is found, and nothing goes back for it."""

CLOSING_OUTDATED = ReasonCode("closing.outdated", Weight.ABSOLUTE)
"""This is not any more as it was when the closing was listed."""

LOAN_CHANGED = ReasonCode("loan.changed", Weight.ABSOLUTE)
"""The loan is not any more as it was when the list was made."""
