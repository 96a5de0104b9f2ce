"""The notice book: notice policies, templates and the formats they are written in, from settings and plugins."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from libops.base.errors import NotFound, SettingsError
from libops.base.ids import LibraryCode
from libops.bookings.model import Resource
from libops.bookings.policy import BookingPolicy, terms_for
from libops.desk.settings.loading import Settings
from libops.desk.settings.organization import inherited
from libops.hooks.registry import Registry
from libops.notices.policy import NoticePolicy
from libops.notices.templates import PLAIN, Template, TemplateFormat, Text, built_in_templates, problems_of, text_for

__all__ = ["NoticeBook"]


@frozen(eq=False)
class NoticeBook:
    """What the mail desk needs to know of the settings."""

    policies: Mapping[str, NoticePolicy]
    own: Mapping[str, Template]
    formats: Mapping[str, TemplateFormat]
    libraries: Mapping[LibraryCode, str]
    language: str
    bookings: BookingPolicy = field(factory=BookingPolicy)
    tickets: str | None = None
    """The policy for faults that patrons report."""
    categories: Mapping[str, str] = field(factory=dict)
    """The policy of each patron category that has one, its own or that of the one above it."""

    @classmethod
    def of(cls, settings: Settings, registry: Registry, language: str) -> NoticeBook:
        """The book of these settings. Raises `SettingsError` for a text whose format is not there or finds it wrong."""
        file = settings.file
        formats: dict[str, TemplateFormat] = {"plain": PLAIN, **registry.formats_of("template")}
        problems = tuple(
            f"notice_templates.{name}.texts[{place}].{each}"
            for name, template in file.notice_templates.items()
            for place, text in enumerate(template.texts)
            for each in problems_of(text, formats)
        )
        if problems:
            raise SettingsError("\n  ".join(["the notice templates cannot be used:", *problems]), problems)
        names = {code: library.name for code, library in file.libraries.items()}
        own = {code: category.notices for code, category in file.patron_categories.items()}
        return cls(
            file.notice_policies,
            file.notice_templates,
            formats,
            names,
            language,
            file.bookings,
            file.equipment.notices,
            inherited(file.trees.categories, own),
        )

    def policy(self, name: str | None) -> NoticePolicy | None:
        """The policy of that name; None for no name."""
        return self.policies.get(name) if name else None

    def name_of(self, policy: NoticePolicy) -> str:
        """What the settings call a policy; empty for one that is not theirs."""
        return next((name for name, each in self.policies.items() if each is policy), "")

    def of_resource(self, resource: Resource) -> NoticePolicy | None:
        """The policy for bookings of a resource."""
        return self.policy(terms_for(self.bookings, resource)[0].notices)

    def of_category(self, category: str) -> NoticePolicy | None:
        """The policy for what concerns a patron's registration."""
        return self.policy(self.categories.get(category))

    @property
    def of_tickets(self) -> NoticePolicy | None:
        """The policy for faults that patrons report."""
        return self.policy(self.tickets)

    def template(self, kind: str) -> Template:
        """The library's own texts of a kind, and behind them those that come with libops."""
        own, usual = self.own.get(kind), built_in_templates().get(kind)
        if own is None and usual is None:
            raise NotFound(f"no notice template {kind!r}; there are {', '.join({**built_in_templates(), **self.own})}")
        texts = tuple(text for found in (own, usual) if found is not None for text in found.texts)
        return Template(texts=texts)

    def text(self, kind: str, language: str, library: LibraryCode | None) -> Text:
        """The text for a reader. Raises `NotFound` for a kind that has none."""
        found = text_for(self.template(kind), language, library, self.language)
        assert found is not None
        return found
