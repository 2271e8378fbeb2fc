"""The cache that all processes share, without which pages go on.

While Redis is away each process remembers in its own memory: what was kept is missed and made
again, and limits are counted by each process for itself, so that they hold on and let nobody out.
"""

import logging
import time
from collections.abc import Callable
from typing import Any, ClassVar

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)
# A page must not wait: neither for an answer, nor anew at every question while there is none.
MOST_SECONDS = 1.0
ASKED_AGAIN_AFTER = 3.0  # seconds
ASKED = (
    "add", "get", "set", "touch", "delete", "get_many", "has_key", "incr", "set_many",
    "delete_many", "clear",
)  # fmt: skip


class SharedCache(RedisCache):
    """Django's cache in Redis, and in the memory of the process as long as Redis is away."""

    _away_until: ClassVar[float] = 0.0  # on the monotonic clock, for all threads

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        options = {
            "socket_timeout": MOST_SECONDS, "socket_connect_timeout": MOST_SECONDS,
            "retry": Retry(NoBackoff(), 1), **params.get("OPTIONS", {}),
        }  # fmt: skip
        super().__init__(server, {**params, "OPTIONS": options})
        self._of_the_process = LocMemCache("while Redis is away", params)

    @property
    def is_away(self) -> bool:
        """Whether Redis did not answer a moment ago."""
        return time.monotonic() < SharedCache._away_until

    def _ask(self, name: str, *given: Any, **named: Any) -> Any:
        if not self.is_away:
            try:
                return getattr(super(), name)(*given, **named)
            except RedisError as error:
                logger.warning("Redis is away (%s)", type(error).__name__)
                SharedCache._away_until = time.monotonic() + ASKED_AGAIN_AFTER
        return getattr(self._of_the_process, name)(*given, **named)


def _asked(name: str) -> Callable[..., Any]:
    return lambda cache, *given, **named: cache._ask(name, *given, **named)


for _name in ASKED:
    setattr(SharedCache, _name, _asked(_name))
