"""The screen Delays: who made parcels late."""
