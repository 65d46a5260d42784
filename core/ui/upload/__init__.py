"""The screen Upload: invoices from a workbook."""
