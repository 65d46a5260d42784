"""What one field of a carrier's list says of a shipment, in points."""

AGAINST = -1
"""The field says that it is another shipment."""
SILENT = 0
"""It says nothing: it is empty on one side, or both cannot be compared, such as a name in Hangul and one in Latin letters."""

HIDDEN = "*"
"""What a masked character is written as."""
MASKS = "*○●◯〇□■◎〓#?"
"""What programs write in place of a character that is not to be seen, or that their code page lacks."""
