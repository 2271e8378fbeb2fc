"""The workbook inside an old .xls: found in its container, checked, and put into a clean one.

calamine follows the chains of a damaged container without end, makes room for as many cells as
a record says, and reads a formula's error as an empty cell.
"""

import io
import struct
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from income.imports.reading.refusals import refused

END, FREE, FAT, NO_STREAM = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
MINI, MINI_LIMIT, HEADER = 64, 4096, 512
STREAMS = ("workbook", "book")
BOF, EOF, SHEET, PASSWORD, DATE_MODE = 0x0809, 0x000A, 0x0085, 0x002F, 0x0022
FORMULA, ERROR, DIMENSIONS, BLANK, NAME, PICTURES = 0x0006, 0x0205, 0x0200, 0x0201, 0x0018, 0x00EB
ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
SECTOR = 4096  # of the clean container: its header's list then reaches 457 MB
MOST_SHEETS = 1000


Errors = dict[int, dict[int, str]]  # row → column → text, from 1


@dataclass
class OldWorkbook:
    data: io.BytesIO  # for calamine
    is_1904: bool = False
    errors: list[Errors] = field(default_factory=list)  # by sheet


def prepared_xls(path: Path, name: str) -> OldWorkbook:
    """Raises FileRefused for what is encrypted, damaged or no workbook."""
    try:
        streams = _streams(path.read_bytes())
        if "encryptedpackage" in streams or "encryptioninfo" in streams:
            raise refused("encrypted", name=name)
        stream = next((streams[one] for one in STREAMS if one in streams), None)
        if stream is None:
            raise refused("corrupt", name=name)
        found = OldWorkbook(io.BytesIO())
        records = bytearray(stream)
        _look_through(records, found, name)
    except (struct.error, IndexError, ValueError, UnicodeDecodeError) as error:
        raise refused("corrupt", name=name) from error
    found.data = container(bytes(records))
    return found


def _streams(data: bytes) -> dict[str, bytes]:
    """Every stream of the container by its name in lower case."""
    shift, mini_shift = struct.unpack_from("<HH", data, 30)
    if shift not in (9, 12) or mini_shift != 6:
        raise ValueError("sectors")
    size = 1 << shift
    directory, mini_table = (struct.unpack_from("<I", data, at)[0] for at in (48, 60))
    list_start = struct.unpack_from("<I", data, 68)[0]
    table = _table(data, size, list_start)
    entries = _chain(data, size, size, table, directory)
    root = struct.unpack_from("<I", entries, 116)[0]
    minis: tuple[bytes, list[int]] = (b"", [])
    if mini_table < FAT:
        links = _chain(data, size, size, table, mini_table)
        minis = (_chain(data, size, size, table, root), _numbers(links))
    streams = {}
    for at in range(0, len(entries) - 127, 128):
        length, kind = struct.unpack_from("<H", entries, at + 64)[0], entries[at + 66]
        start, count = struct.unpack_from("<II", entries, at + 116)
        if kind == 2 and 2 <= length <= 64:
            title = entries[at : at + length - 2].decode("utf-16-le").lower()
            small = count < MINI_LIMIT
            if title in (*STREAMS, "encryptedpackage", "encryptioninfo"):
                chain = (
                    _chain(minis[0], MINI, 0, minis[1], start) if small
                    else _chain(data, size, size, table, start)
                )  # fmt: skip
                streams[title] = chain[:count]
    return streams


def _numbers(data: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))


def _table(data: bytes, size: int, list_start: int) -> list[int]:
    """The sectors' links, gathered from the sectors that the header and its list name."""
    named = list(struct.unpack_from("<109I", data, 76))
    seen = 0
    while list_start < FAT and seen <= len(data) // size:
        more = _numbers(data[size * (list_start + 1) : size * (list_start + 2)])
        named, list_start, seen = named + more[:-1], more[-1], seen + 1
    links: list[int] = []
    for sector in named:
        if sector < FAT:
            links += _numbers(data[size * (sector + 1) : size * (sector + 2)])
    return links


def _chain(data: bytes, size: int, offset: int, links: list[int], start: int) -> bytes:
    """The sectors from `start` on; a chain that comes back to itself is damage."""
    parts, seen, sector = [], 0, start
    while sector < FAT:
        seen += 1
        if seen > len(links):
            raise ValueError("chain without end")
        parts.append(data[offset + sector * size : offset + (sector + 1) * size])
        sector = links[sector]
    return b"".join(parts)


def _look_through(records: bytearray, found: OldWorkbook, name: str) -> None:
    """Gathers what calamine does not tell, and takes out what it trips over."""
    positions = []
    for kind, at, length in Records(records, 0):
        if kind == PASSWORD:
            raise refused("encrypted", name=name)
        if kind == SHEET:
            positions.append(struct.unpack_from("<I", records, at)[0])
        elif kind == DATE_MODE and length >= 2:
            found.is_1904 = records[at] == 1
        elif kind in (NAME, PICTURES):
            struct.pack_into("<H", records, at - 4, BLANK)
        elif kind == EOF:
            break
    if not positions or len(positions) > MOST_SHEETS or len(set(positions)) != len(positions):
        raise refused("corrupt", name=name)
    found.errors = [_look_through_sheet(records, position) for position in positions]


def _look_through_sheet(records: bytearray, position: int) -> Errors:
    errors: Errors = defaultdict(dict)
    depth = 0  # a chart inside a sheet has records of its own
    for kind, at, length in Records(records, position):
        if kind == BOF:
            depth += 1
        elif kind == EOF:
            depth -= 1
            if depth <= 0:
                break
        elif kind == DIMENSIONS:
            struct.pack_into("<H", records, at - 4, BLANK)
        elif kind == ERROR and length >= 8 and records[at + 7]:
            row, column = struct.unpack_from("<HH", records, at)
            errors[row + 1][column + 1] = ERRORS.get(records[at + 6], "#N/A")
        elif kind == FORMULA and length >= 22:
            if records[at + 12] == records[at + 13] == 0xFF and records[at + 6] == 2:
                row, column = struct.unpack_from("<HH", records, at)
                errors[row + 1][column + 1] = ERRORS.get(records[at + 8], "#N/A")
            struct.pack_into("<H", records, at + 20, 0)  # its value is enough
    return dict(errors)


class Records:
    """Kind, place of the data and its length of each record from a position on."""

    def __init__(self, records: bytearray, position: int) -> None:
        self._records, self._at, self._end = records, position, len(records) - 4

    def __iter__(self) -> "Records":
        return self

    def __next__(self) -> tuple[int, int, int]:
        if self._at > self._end:
            raise StopIteration
        kind, length = struct.unpack_from("<HH", self._records, self._at)
        at = self._at + 4
        self._at = at + length
        if self._at > self._end + 4:
            raise ValueError("record beyond the end")
        return kind, at, length


def container(stream: bytes) -> io.BytesIO:
    """A container with this one stream: header, links, directory, stream."""
    stream = stream.ljust(MINI_LIMIT, b"\0")
    length = len(stream)
    data_sectors = -(-length // SECTOR)
    per_table = SECTOR // 4
    tables = 1
    while tables * per_table < tables + 1 + data_sectors:
        tables += 1
    first = tables + 1
    links = [FAT] * tables + [END] + [*range(first + 1, first + data_sectors), END]
    links += [FREE] * (tables * per_table - len(links))
    header = struct.pack(
        "<8s16sHHHHHHIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 4, 0xFFFE, 12, 6,
        0, 0, 1, tables, tables, 0, MINI_LIMIT, END, 0, END, 0,
    ) + struct.pack("<109I", *range(tables), *[FREE] * (109 - tables))  # fmt: skip
    entries = _entry("Root Entry", 5, 0, 0, 1) + _entry("Workbook", 2, first, length, NO_STREAM)
    return io.BytesIO(
        header.ljust(SECTOR, b"\0")
        + struct.pack(f"<{len(links)}I", *links)
        + entries.ljust(SECTOR, b"\0")
        + stream.ljust(data_sectors * SECTOR, b"\0")
    )


def _entry(title: str, kind: int, start: int, length: int, child: int) -> bytes:
    name = title.encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBBIII16sIQQIQ", name, len(name), kind, 1, NO_STREAM, NO_STREAM, child, b"", 0, 0, 0,
        start, length,
    )  # fmt: skip
