"""One sheet of an uploaded workbook, read to the last digit in a process of its own that cannot harm the desk.

Nothing is imported here: the reading process has to start in a moment.
"""
