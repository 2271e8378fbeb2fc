"""Files spoilt at random: `chance` is a seeded random.Random."""

from tests.income.imports.workbook_bytes import with_part


def damaged(content, chance):
    """One to eight places changed: bytes flipped, cut out, put in, repeated, or the end cut off."""
    content = bytearray(content)
    for _change in range(chance.randint(1, 8)):
        at = chance.randrange(len(content) or 1)
        way = chance.randrange(6)
        if way == 0:
            del content[at:]
        elif way == 1:
            del content[at : at + chance.randint(1, 40)]
        elif way == 2:
            content[at:at] = chance.randbytes(chance.randint(1, 40))
        elif way == 3:
            content[at:at] = content[at : at + chance.randint(1, 400)]
        else:
            content[at : at + 1] = bytes([chance.choice([0, 255, 34, 60, chance.randrange(256)])])
    return bytes(content)


def damaged_inside(content, name, chance):
    """A part of an archive is changed and packed again, so that its checksum is right."""
    parts = {
        "a.xlsx": ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml",
                   "xl/styles.xml", "xl/_rels/workbook.xml.rels"],
        "a.ods": ["content.xml", "META-INF/manifest.xml"],
    }[name]  # fmt: skip
    return with_part(content, chance.choice(parts), lambda part: damaged(part, chance))
