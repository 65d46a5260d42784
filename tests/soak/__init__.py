"""A day of a busy desk in minutes: people at work in real browser windows, beside tracking, uploads, imports and backups."""
