"""Hooks by kind: one module each with the class a plugin hands over and the hook that asks for it."""

__all__: list[str] = []
