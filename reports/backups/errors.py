"""What can be wrong with a backup or with the place it is restored to."""


class BackupRefused(Exception):
    """A sentence for whoever runs the command; nothing was changed."""
