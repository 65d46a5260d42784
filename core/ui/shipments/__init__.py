"""The screen Shipments: the list with its tabs, search and filters."""
