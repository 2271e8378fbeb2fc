"""For how many days personal values are kept (reports/protection/retention.py); 0: for ever."""

import environ

env = environ.Env()
RETENTION_CONTACT_DAYS = env.int("RETENTION_CONTACT_DAYS", default=730)
RETENTION_INVITATION_DAYS = env.int("RETENTION_INVITATION_DAYS", default=365)
RETENTION_IP_DAYS = env.int("RETENTION_IP_DAYS", default=180)
RETENTION_SIGN_IN_DAYS = env.int("RETENTION_SIGN_IN_DAYS", default=90)
__all__ = [
    "RETENTION_CONTACT_DAYS", "RETENTION_INVITATION_DAYS", "RETENTION_IP_DAYS",
    "RETENTION_SIGN_IN_DAYS",
]  # fmt: skip
