"""Shipments: which ones, and every change of one: invoices, address, delivery by hand, re-ship, scan, undo."""
