"""The screens Data and People, of those who run the desk: import, hand back, batches, backup; who has a role."""
