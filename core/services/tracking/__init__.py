"""Tracking: asks services, records what they say, and knows how each carrier is doing."""
