"""Zipped workbooks before calamine sees them: how much they unpack to, and what spoils them.

calamine holds a sheet as one rectangle and dies with the process where there is no memory for it,
so every part is unpacked and looked through here first. It also reads a formula's error as an
empty cell: where there are some, it gets a copy in which they are texts.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from income.imports.reading.refusals import MOST_RATIO, MOST_UNPACKED, RATIO_FREE, refused

BLOCK = 1 << 20
MOST_PARTS = 10_000
IS_ENCRYPTED = 1  # bit of a part's flags
Patch = Callable[[bytes], bytes]


class Archive:
    """The parts of a zipped file, unpacked with a limit. `name` is the file's, for sentences."""

    def __init__(self, path: Path, name: str) -> None:
        self.path = path
        self.name = name
        self.parts = self._checked_parts()

    def _checked_parts(self) -> dict[str, zipfile.ZipInfo]:
        """By name. What the directory says is believed only as far as `blocks` finds it true."""
        try:
            with zipfile.ZipFile(self.path) as archive:
                every = archive.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
            raise refused("corrupt", name=self.name) from error
        if any(part.flag_bits & IS_ENCRYPTED for part in every):
            raise refused("encrypted", name=self.name)
        size = sum(part.file_size for part in every)
        packed = max(1, self.path.stat().st_size)
        if size > MOST_UNPACKED or (size > RATIO_FREE and size > MOST_RATIO * packed):
            raise refused("bomb", name=self.name)
        parts = {part.filename: part for part in every}
        if len(parts) != len(every) or len(every) > MOST_PARTS:
            raise refused("corrupt", name=self.name)
        return parts

    def blocks(self, part: str, mark: bytes = b"<") -> Iterator[bytes]:
        """The part in blocks of whole tags: each ends before a `mark`, but the last."""
        left = b""
        for block in self._unpacked(self.parts[part]):
            left += block
            if len(left) >= BLOCK and (cut := left.rfind(mark)) > 0:
                yield left[:cut]
                left = left[cut:]
        yield left

    def _unpacked(self, part: zipfile.ZipInfo) -> Iterator[bytes]:
        """Its bytes, as many as the directory says and with its checksum, else FileRefused."""
        size = checksum = 0
        for block in self._inflated(part):
            size += len(block)
            if size > part.file_size:
                raise refused("bomb", name=self.name)
            checksum = zlib.crc32(block, checksum)
            yield block
        if size != part.file_size or checksum != part.CRC:
            raise refused("corrupt", name=self.name)

    def _inflated(self, part: zipfile.ZipInfo) -> Iterator[bytes]:
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise refused("corrupt", name=self.name)
        inflater = zlib.decompressobj(-15) if part.compress_type else None
        try:
            for packed in self._packed(part):
                if inflater is None:
                    yield packed
                    continue
                while packed and not inflater.eof:
                    yield inflater.decompress(packed, BLOCK)
                    packed = inflater.unconsumed_tail
            if inflater is not None:
                yield inflater.flush()
        except zlib.error as error:
            raise refused("corrupt", name=self.name) from error

    def _packed(self, part: zipfile.ZipInfo) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            file.seek(part.header_offset)
            header = file.read(30)
            if len(header) < 30 or header[:4] != b"PK\x03\x04":
                raise refused("corrupt", name=self.name)
            file.seek(sum(struct.unpack("<HH", header[26:])), io.SEEK_CUR)
            left = part.compress_size
            while left > 0 and (block := file.read(min(left, BLOCK // 16))):
                left -= len(block)
                yield block

    def whole(self, part: str, most: int = 16 * BLOCK) -> bytes:
        """A small part at once; b"" where there is none."""
        if part not in self.parts:
            return b""
        if self.parts[part].file_size > most:
            raise refused("bomb", name=self.name)
        return b"".join(self.blocks(part))

    def patched(self, patches: dict[str, Patch], mark: bytes = b"<") -> io.BytesIO:
        """A copy of the file in memory in which these parts are changed, block by block."""
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name in self.parts:
                change = patches.get(name)
                with archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as copy:
                    for block in self.blocks(name, mark if change else b"<"):
                        copy.write(change(block) if change else block)
        made.seek(0)
        return made


# Texts that calamine, or a spreadsheet that saved a text file, gives for a formula's error; in
# English, French, Spanish, Russian and as LibreOffice counts them.
ERROR_TEXT = re.compile(
    r"#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|SPILL!|CALC!|GETTING_DATA|NUL!|VALEUR!|NOM\?"
    r"|NOMBRE!|¡NULO!|¡DIV/0!|¡VALOR!|¡REF!|¿NOMBRE\?|¡NUM!|N/D|ПУСТО!|ДЕЛ/0!|ЗНАЧ!|ССЫЛКА!"
    r"|ИМЯ\?|ЧИСЛО!|Н/Д)|Err:[0-9]{3}"
)
