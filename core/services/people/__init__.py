"""People: who is let in as what, and what admins do about them."""
