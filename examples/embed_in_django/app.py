"""A host on Django 5.2: a model of its own and libops' loans in one `atomic` block; messages on commit.

A project has the settings and the model in their usual places; here they stand in one file.
"""

from __future__ import annotations

from typing import Any

import django
from django.conf import settings
from django.db import connection, models, transaction

import libops


def configure(path: str) -> None:
    """The settings of a small project on SQLite."""
    settings.configure(
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": path,
                "OPTIONS": {"transaction_mode": "IMMEDIATE"},
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()


def visit_model() -> type[models.Model]:
    """Who came in, and for which item: the host's own table."""

    class Visit(models.Model):
        card = models.CharField(max_length=20)
        item = models.CharField(max_length=20)

        class Meta:
            app_label = "lobby"

    with connection.schema_editor() as editor:
        editor.create_model(Visit)
    return Visit


class Refused(Exception):
    """The library's rules say no: raised inside `atomic`, so that Django rolls back."""


def lend(visit: Any, card: str, item: str, **options: Any) -> str:
    """Note the visit and lend the item, together; returns the receipt. A refusal leaves neither."""

    def announce() -> None:
        with transaction.atomic():
            ops.announce()

    with transaction.atomic():
        visit.objects.create(card=card, item=item)
        ops = libops.open(join=connection, **options)
        answer = ops.circulation.check_out(patron=card, item=item)
        if isinstance(answer, libops.Refuse):
            raise Refused(*map(str, answer.reasons))
        receipt = str(answer.result)
        ops.notices.send(patron=card, kind="receipt", subject="Your loan", body=receipt)
        transaction.on_commit(announce)
    return receipt
