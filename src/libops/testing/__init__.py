"""The garden: strategies, contracts and fakes for those who test a library built on libops."""

__all__: list[str] = []
