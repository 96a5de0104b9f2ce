"""Hypothesis profiles for every test here and in the plugins: `ci` is short and always the same, `deep` searches.

`python3 dev.py test --hypothesis-profile deep` takes the second.
"""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "ci",
    max_examples=40,
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("deep", max_examples=2000, deadline=None, print_blob=True)
settings.load_profile("ci")
