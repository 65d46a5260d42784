"""What each role, and a stranger, may do by which way: attempts that are made, and the table of them in SECURITY.md."""
