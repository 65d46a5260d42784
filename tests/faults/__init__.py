"""Faults that come from outside, made for real."""
