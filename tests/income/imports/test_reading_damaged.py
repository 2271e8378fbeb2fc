"""Damaged files are read or refused: nothing else comes of them, whatever bytes they have."""

import random
import zlib

import pytest

from income.imports.reading import FileRefused
from tests.income.imports.damaging import damaged, damaged_inside
from tests.income.imports.workbook_bytes import (
    MIME,
    ods,
    ods_number,
    ods_row,
    ods_text,
    opened,
    record,
    xls,
    xls_error,
    xls_number,
    xls_text,
    xlsx,
)

FEW, MANY = 200, 5000


def filled(book, sheet):
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for row in range(1, 20):
        sheet.write_row(row, 0, [f"Donor {row}", row * 1.5, row % 2 == 0])
        sheet.write_number(row, 3, 44000 + row, day)
    sheet.write_formula(20, 0, "=1/0", None, "#DIV/0!")
    sheet.merge_range(0, 0, 0, 3, "Receipts")


def texts():
    rows = [f'"Donor, {row}",{row},2021-03-04,"a ""quoted"" word"' for row in range(20)]
    return ("donor,amount,date,note\n" + "\n".join(rows)).encode()


SAMPLES = {
    "a.xlsx": xlsx(filled),
    "a.ods": ods("".join(ods_row(ods_text("Donor"), ods_number(row)) for row in range(20))),
    "a.xls": xls(
        [record(0x0200, bytes(14)), xls_error(0, 5)]
        + [xls_text(row, 0, "Donor") + xls_number(row, 1, row) for row in range(20)]
        + [record(0x0006, bytes([3, 0, 1, 0]) + bytes(20)), record(0x00E5, bytes([1, *[0] * 9]))]
    ),
    "a.csv": texts(),
}  # fmt: skip


def read_or_refused(folder, name, content):
    try:
        source = opened(folder, content, name)
        for sheet in source.sheets:
            for row in sheet.rows():
                assert row.cells[-1] is not None
            sheet.merged()
    except FileRefused as refused:
        assert refused.sentence
        return "refused"
    return "read"


def damage(folder, name, first, count):
    found = {"read": 0, "refused": 0}
    for seed in range(first, first + count):
        chance = random.Random(f"{name} {seed}")
        inside = name in ("a.xlsx", "a.ods") and seed % 2
        change = (
            damaged_inside if inside else lambda content, _name, chance: damaged(content, chance)
        )
        found[read_or_refused(folder, name, change(SAMPLES[name], name, chance))] += 1
    return found


@pytest.mark.parametrize("name", SAMPLES)
def test_the_samples_are_read_as_they_are(tmp_path, name):
    assert read_or_refused(tmp_path, name, SAMPLES[name]) == "read"


@pytest.mark.parametrize("name", SAMPLES)
def test_damaged_files_are_read_or_refused(tmp_path, name):
    found = damage(tmp_path, name, 0, FEW // len(SAMPLES))
    assert found["refused"] > 5


@pytest.mark.slow
@pytest.mark.parametrize("name", SAMPLES)
def test_many_damaged_files_are_read_or_refused(tmp_path, name):
    found = damage(tmp_path, name, FEW, MANY // len(SAMPLES))
    assert sum(found.values()) == MANY // len(SAMPLES)


def test_bytes_at_random_are_read_or_refused(tmp_path):
    chance = random.Random(4)
    starts = [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe", MIME.encode()]
    for number in range(100):
        content = starts[number % 5] + chance.randbytes(chance.randint(0, 3000))
        read_or_refused(tmp_path, "a", content)
        read_or_refused(tmp_path, "a", zlib.compress(content))
