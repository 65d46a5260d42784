"""The screen Carriers: who answers, by which rules, through which service."""
