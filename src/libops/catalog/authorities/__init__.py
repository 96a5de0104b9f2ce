"""Authority control: one form of a name or topic for the whole catalog, and the other forms that lead to it.

`to_authority` reads a MARC authority record; an `AuthorityFile` holds many. `control` links and flips the headings of a
bibliographic record and leaves in its queue what a person must decide; `effects` lists what a changed authority would
do before anything is stored.
"""

from libops.catalog.authorities.change import (
    HEADING_CHANGE_TRANSITIONS,
    HeadingAct,
    HeadingChange,
    HeadingChangeAct,
    HeadingChangeState,
)
from libops.catalog.authorities.control import (
    AuthorityFile,
    Controlled,
    Effect,
    HeadingOutcome,
    HeadingResult,
    control,
    effects,
    one_way_relations,
    unauthorized,
)
from libops.catalog.authorities.edit import edited_authority, made_authority, merged_authority, written_heading
from libops.catalog.authorities.follow import Follower, Following, follow
from libops.catalog.authorities.headings import Heading, HeadingKind, heading_of, heading_text
from libops.catalog.authorities.model import (
    Authority,
    AuthorityForm,
    Relation,
    SeeAlso,
    forms_of,
    marc_of_authority,
    to_authority,
)

__all__ = [
    "Authority",
    "AuthorityFile",
    "AuthorityForm",
    "Controlled",
    "Effect",
    "Follower",
    "Following",
    "HEADING_CHANGE_TRANSITIONS",
    "Heading",
    "HeadingAct",
    "HeadingChange",
    "HeadingChangeAct",
    "HeadingChangeState",
    "HeadingKind",
    "HeadingOutcome",
    "HeadingResult",
    "Relation",
    "SeeAlso",
    "control",
    "edited_authority",
    "effects",
    "follow",
    "forms_of",
    "heading_of",
    "heading_text",
    "made_authority",
    "marc_of_authority",
    "merged_authority",
    "one_way_relations",
    "to_authority",
    "unauthorized",
    "written_heading",
]
