"""The screen People: who has a role, and what admins do about that."""
