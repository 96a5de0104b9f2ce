"""Public Hypothesis strategies, one module per room."""

__all__: list[str] = []
