"""A day of a busy desk in minutes: people at work in real sessions, beside tracking, uploads, imports and backups."""
