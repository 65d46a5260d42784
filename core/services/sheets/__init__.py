"""What a workbook is and what its parts hold; and the sheet of an upload, read in a process of its own that cannot harm the desk.

Nothing is imported here: the reading process has to start in a moment.
"""
