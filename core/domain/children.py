"""What a process of the desk's own, which looks at something that may be hostile, is told of the environment."""

from collections.abc import Mapping

_KEPT_BACK = ("PYTHON", "SHIPDESK", "AWS", "STREAMLIT")
"""How names begin of what changes how it runs, or holds the shop's secrets."""


ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
"""Libraries that it loads take no memory for threads which it does not start."""


def without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without settings, secrets and what changes how Python runs."""
    return {name: value for name, value in environment.items() if not name.startswith(_KEPT_BACK)}
