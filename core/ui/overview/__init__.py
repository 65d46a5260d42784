"""The screen Overview: are we on time, what is piling up."""
