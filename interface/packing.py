"""A page as gzip in which what belongs to its reader stands uncompressed.

Whoever can put text into a page and sees its length could guess what else is compressed with it
(BREACH). Here the tokens of forms and who is signed in are in blocks that are stored as they are,
and nothing before or behind them refers to them: their length says nothing of what they are. A
name of random length in the head hides the rest's, as Django's own middleware does.
docs/decisions/0039-kept-pages.md.
"""

import re
import secrets
import struct
import zlib
from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest

from django.http import HttpRequest

LEVEL = 6
LONGEST_NAME = 100  # bytes, as in django.utils.text
LONGEST_VALUE = 0xFFFF  # bytes of a stored block
_HEAD = b"\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\xff"  # with a name, without a time
_END = b"\x01\x00\x00\xff\xff"  # a last block, with nothing in it
_ACCEPTS = re.compile(r"(?:^|[\s,])gzip(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", re.IGNORECASE)


def is_accepted(request: HttpRequest) -> bool:
    """Whether who asks takes gzip."""
    return bool(_ACCEPTS.search(request.headers.get("Accept-Encoding", "")))


def pack(part: bytes) -> bytes:
    """The part compressed by itself, up to a whole byte, so that anything can follow."""
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(part) + packer.flush(zlib.Z_FULL_FLUSH)


def unpack(packed: bytes) -> bytes:
    """What `pack` was given."""
    return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed)


def whole(parts: Sequence[bytes], values: Sequence[bytes]) -> bytes:
    """The page: its parts with a value between each two."""
    return b"".join(chain.from_iterable(zip_longest(parts, values, fillvalue=b"")))


def gzipped(packed: Sequence[bytes], values: Sequence[bytes], page: bytes) -> bytes:
    """The page as gzip, from its packed parts and the values between them."""
    name = secrets.token_hex(LONGEST_NAME // 2)[: secrets.randbelow(LONGEST_NAME) + 1].encode()
    blocks = whole(packed, [b"".join(_stored(value)) for value in values])
    length = struct.pack("<LL", zlib.crc32(page), len(page) & 0xFFFFFFFF)
    return b"".join((_HEAD, name, b"\0", blocks, _END, length))


def _stored(value: bytes) -> Iterator[bytes]:
    for start in range(0, len(value), LONGEST_VALUE):
        piece = value[start : start + LONGEST_VALUE]
        yield struct.pack("<BHH", 0, len(piece), len(piece) ^ 0xFFFF) + piece
