"""Ends with 0 when an address of this machine answers 200: the health check of a container.

An image without curl needs none: `python -m habitat_portal.probe http://127.0.0.1:8000/readyz`.
"""

import os
import sys
import urllib.error
import urllib.request

SECONDS = 5
FROM_HERE = ("http://127.0.0.1:", "http://localhost:")


def answers(url: str) -> bool:
    """Whether it answers 200 in time. Raises ValueError for an address that is not of here."""
    if not url.startswith(FROM_HERE):
        raise ValueError(f"Only this machine is probed, not {url}.")
    # The portal answers to its own name only, which need not be the address it is probed at.
    name = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".*") or "127.0.0.1"
    try:
        request = urllib.request.Request(url, headers={"Host": name})  # noqa: S310  checked above
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    sys.exit(not answers(sys.argv[1]))
