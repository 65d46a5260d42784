"""Fifty people at one process: how long a click takes to the end of the server's answer, where it breaks, and why."""
