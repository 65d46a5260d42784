"""The commands of the command line: how they are called, and what each does."""
