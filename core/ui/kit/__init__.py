"""What several screens share: the table, charts, chips, formats, messages, links."""
