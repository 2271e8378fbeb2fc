"""Secrets of second factors as the database keeps them: encrypted with a key of SECRET_KEY.

Fernet (AES-128-CBC with HMAC-SHA256) by keys that HKDF-SHA256 derives from SECRET_KEY and, to read
what an earlier key wrote, from SECRET_KEY_FALLBACKS. `manage.py renew_factor_secrets` writes all of
them anew with SECRET_KEY, after which an earlier key may be forgotten.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"habitat-portal: secrets of second factors, 1"


def encrypt(text: str) -> str:
    """The text as the database keeps it."""
    return _keys().encrypt(text.encode()).decode("ascii")


def decrypt(kept: str) -> str:
    """What was encrypted. Raises cryptography.fernet.InvalidToken for what no key opens."""
    return _keys().decrypt(kept.encode("ascii")).decode()


def renew(kept: str) -> str:
    """The same secret encrypted with SECRET_KEY. Raises InvalidToken for what no key opens."""
    return _keys().rotate(kept.encode("ascii")).decode("ascii")


def _keys() -> MultiFernet:
    return _derived(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@lru_cache(maxsize=4)
def _derived(*keys: str) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derive(key))) for key in keys])


def _derive(key: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
