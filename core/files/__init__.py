"""Every way in and out of a file; nothing here knows the database."""
