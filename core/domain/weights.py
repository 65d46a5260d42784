"""The units that a weight is written in."""

GRAMS_IN: dict[str, float] = {"g": 1, "kg": 1000, "t": 1_000_000, "lb": 453.59237, "oz": 28.349523125}
