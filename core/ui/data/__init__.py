"""The screen Data: import, batches, backup."""
