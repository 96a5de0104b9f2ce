"""A Django project on PostgreSQL: the example of the embedding, run on a server. Django is configured once a process.

Prints what is so after each step, a line each.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import libops
from libops.testing.fakes import RecordingChannel

EXAMPLE = Path(__file__).parents[3] / "examples/embed_in_django/app.py"
CARD, ITEM, REFERENCE = "21234000000017", "31234000000014", "31234000000055"


def configure(url: str, tenant: str) -> None:
    # Here and not above: pytest looks into every module, and Django's settings may not be looked at before.
    from django.conf import settings

    parts = urlsplit(url)
    place = {"NAME": parts.path.strip("/"), "USER": parts.username, "HOST": parse_qs(parts.query)["host"][0]}
    options = {"options": f"-c libops.tenant={tenant}"}
    settings.configure(
        DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", **place, "OPTIONS": options}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        TIME_ZONE="Asia/Kathmandu",
    )


def main(url: str, tenant: str) -> None:
    configure(url, tenant)
    spec = importlib.util.spec_from_file_location("example_django", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    app = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(app)
    app.django.setup()
    visit, post = app.visit_model(), RecordingChannel()
    options: dict[str, Any] = {"plugins": ["libops_postgres", post], "channels": {"email": "recording"}}

    def told(step: str) -> None:
        with libops.open(f"{url}&tenant={tenant}", plugins=["libops_postgres"]) as ops:
            out, counted = ops.circulation.loan_of(ITEM) is not None, ops.patrons.standing(CARD).open_loans
        print(f"{step}: out={out} counted={counted} visits={visit.objects.count()} sent={len(post.sent)}")

    try:
        app.lend(visit, CARD, REFERENCE, **options)
    except app.Refused:
        told("refused")
    with app.transaction.atomic():
        app.lend(visit, CARD, ITEM, **options)
        app.transaction.set_rollback(True)
    told("rolled back")
    try:
        with app.transaction.atomic():
            visit.objects.create(card=CARD, item="none")
            with app.transaction.atomic():
                app.lend(visit, CARD, ITEM, **options)
                raise LookupError("the inner block alone is undone")
    except LookupError:
        told("failed inside")
    app.lend(visit, CARD, ITEM, **options)
    told("committed")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
