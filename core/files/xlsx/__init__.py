"""Workbooks: examined, read, marked and written so that no file can harm the desk and no digit is lost."""
