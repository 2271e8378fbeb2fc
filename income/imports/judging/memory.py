"""What was looked up once is not looked up again; and a million rows fill no more memory."""

from collections.abc import Callable
from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")
MOST = 20_000  # answers kept; beyond that all are forgotten, which only costs time


class Remembered(dict[Key, Value]):
    """Answers of a function by its argument. What it raises is not kept."""

    def __init__(self, answer: Callable[[Key], Value], most: int = MOST) -> None:
        super().__init__()
        self._answer, self._most = answer, most

    def __missing__(self, key: Key) -> Value:
        value = self._answer(key)
        if len(self) >= self._most:
            self.clear()
        self[key] = value
        return value
