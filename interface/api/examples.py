"""An answer of every address of the API, as an example: interface/api/examples.json.

tests/api/test_examples.py says of each that a real answer has what is in it, and makes the file.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("examples.json")


@cache
def every_example() -> dict[str, Any]:
    """The address as the description writes it, such as /api/v1/donors/{code}/ → the answer."""
    found: dict[str, Any] = json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}
    return found


def example_of(path: str) -> Any:
    """The answer at the address; None where there is none."""
    return every_example().get(path)
