"""Nothing gets lost: backups, their schedule, checks of files, and the way back."""
