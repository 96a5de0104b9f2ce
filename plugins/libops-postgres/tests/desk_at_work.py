"""A desk in a process of its own: lends its items one after another and says of each what it was told.

`lent LABEL` when the loan was acknowledged, `unknown LABEL` and `failed LABEL` when the store said that it does not
know or that it failed: then the desk stops.
"""

from __future__ import annotations

import sys

import libops
from libops.base.errors import BackendError, OutcomeUnknown

LOANS_OF_ONE = 20


def main(url: str, cards: list[str], labels: list[str]) -> None:
    with libops.open(url, plugins=["libops_postgres"]) as ops:
        print("ready", flush=True)
        sys.stdin.readline()
        for number, label in enumerate(labels):
            try:
                answer = ops.circulation.check_out(patron=cards[number // LOANS_OF_ONE], item=label)
            except OutcomeUnknown:
                print("unknown", label, flush=True)
                return
            except BackendError:
                print("failed", label, flush=True)
                return
            print("lent" if answer else "refused", label, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2].split(","), sys.argv[3].split(","))
