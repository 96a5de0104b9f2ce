"""The notice book: notice policies, templates and the formats they are written in, from settings and plugins."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from libops.base.errors import NotFound, SettingsError
from libops.base.ids import LibraryCode
from libops.desk.settings import Settings
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

    @classmethod
    def of(cls, settings: Settings, registry: Registry, language: str) -> NoticeBook:
        """The book of these settings. Raises `SettingsError` for a text whose format is not there or finds it wrong."""
        file = settings.file
        formats: dict[str, TemplateFormat] = {"plain": PLAIN}
        formats |= {name: found.provider for name, found in registry.formats.items() if found.kind == "template"}
        problems = tuple(
            f"notice_templates.{name}.texts[{place}].{each}"
            for name, template in file.notice_templates.items()
            for place, text in enumerate(template.texts)
            for each in problems_of(text, formats)
        )
        if problems:
            raise SettingsError("\n  ".join(["the notice templates cannot be used:", *problems]), problems)
        names = {code: library.name for code, library in file.libraries.items()}
        return cls(file.notice_policies, file.notice_templates, formats, names, language)

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
