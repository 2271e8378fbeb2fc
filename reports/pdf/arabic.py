"""Letters that are one glyph each, for the Arabic face.

Noto Sans Arabic draws a dotted letter as two glyphs: the stroke and its dots. In a PDF both then
stand for the same letter: read aloud or copied, every dotted letter comes out twice, and in a
chart (SVG inside the document) PDF/UA export is refused. So each stroke gets a glyph with its
dots in place, and a last ligature rule puts it where the two would stand. What is seen is the
same outline at the same place. Vowel signs are drawn over their letters in the same way.
"""

import logging
from collections.abc import Iterator

from fontTools.otlLib.builder import buildLigatureSubstSubtable
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphComponent
from fontTools.varLib.instancer import instantiateVariableFont

# Arabic letters, and those that names of persons and places add to them.
LETTERS = (*range(0x0620, 0x064B), 0x067E, 0x0686, 0x0698, 0x06A9, 0x06AF, 0x06CC)
SHADDA = ("uni0651",)  # stands below the other signs, which are joined after it
VOWELS = (
    "uni064B", "uni064C", "uni064D", "uni064E", "uni064F", "uni0650", "uni0652", "uni0670",
    "uni06510650", "uni0651064D",  # the face's own ligatures of a shadda with kasra and kasratan
)  # fmt: skip
ARGUMENTS_ARE_XY = 0x0002
BASE_GLYPH = 1  # GDEF class: a mark that follows is put on it

Point = tuple[int, int]

logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells of each table it has read


def composed_face(source: str, *, weight: int) -> TTFont:
    """A static face of the given weight (400, 700) whose letters are one glyph each, with their
    dots and vowel signs.
    """
    face = instantiateVariableFont(
        TTFont(source), {"wght": weight, "wdth": 100}, updateFontNames=True
    )
    bases = _letters(face) | _compose(face, _pairs(face))
    for signs in (SHADDA, VOWELS):
        bases |= _compose(face, {(base, sign) for base in bases for sign in signs})
    return face


def _compose(face: TTFont, asked: set[tuple[str, str]]) -> set[str]:
    """The new glyphs: one for each of the pairs that meet, put where the two would stand."""
    pairs = {
        (base, sign): place
        for base, sign in sorted(asked)
        if (place := _place(face, base, sign)) is not None
    }
    for (base, sign), place in pairs.items():
        _draw(face, base, sign, place)
    face.setGlyphOrder(face["glyf"].glyphOrder)
    _carry_anchors(face, pairs)
    _carry_kerning(face, pairs)
    _join(face, pairs)
    return {_name(*pair) for pair in pairs}


def _letters(face: TTFont) -> set[str]:
    """The letters, and the strokes of those with dots, in each of their forms."""
    forms, characters = _forms(face), face.getBestCmap()
    letters = {characters[code] for code in LETTERS if code in characters}
    strokes = {stroke for stroke, _dots in _pairs(face)}
    return strokes.union(*(_closure(letter, forms) for letter in letters))


def _subtables(face: TTFont, table: str, kind: str) -> Iterator[otTables.BaseTable]:
    for lookup in face[table].table.LookupList.Lookup:
        for subtable in lookup.SubTable:
            inner = getattr(subtable, "ExtSubTable", subtable)
            if type(inner).__name__ == kind:
                yield inner


def _pairs(face: TTFont) -> set[tuple[str, str]]:
    """Each stroke in each of its forms, with each form of the dots that its letters carry."""
    forms = _forms(face)
    characters = face.getBestCmap()
    letters = {characters[code] for code in LETTERS if code in characters}
    parts = [
        subtable.mapping[letter]
        for subtable in _subtables(face, "GSUB", "MultipleSubst")
        for letter in letters & subtable.mapping.keys()
    ]
    return {
        (stroke, dots)
        for part in parts
        if len(part) == 2
        for stroke in _closure(part[0], forms)
        for dots in _closure(part[1], forms)
    }


def _forms(face: TTFont) -> dict[str, set[str]]:
    """What one glyph may be replaced by alone: initial, medial, final, narrow, wide."""
    forms: dict[str, set[str]] = {}
    for subtable in _subtables(face, "GSUB", "SingleSubst"):
        for glyph, form in subtable.mapping.items():
            forms.setdefault(glyph, set()).add(form)
    for subtable in _subtables(face, "GSUB", "MultipleSubst"):
        for glyph, sequence in subtable.mapping.items():
            if len(sequence) == 1:
                forms.setdefault(glyph, set()).add(sequence[0])
    return forms


def _closure(glyph: str, forms: dict[str, set[str]]) -> set[str]:
    found, waiting = {glyph}, [glyph]
    while waiting:
        new = forms.get(waiting.pop(), set()) - found
        found |= new
        waiting.extend(new)
    return found


def _place(face: TTFont, stroke: str, dots: str) -> Point | None:
    """Where the dots stand on the stroke, in font units; None where they never meet."""
    place = None
    for table in _subtables(face, "GPOS", "MarkBasePos"):
        if stroke in table.BaseCoverage.glyphs and dots in table.MarkCoverage.glyphs:
            mark = table.MarkArray.MarkRecord[table.MarkCoverage.glyphs.index(dots)]
            record = table.BaseArray.BaseRecord[table.BaseCoverage.glyphs.index(stroke)]
            anchor = record.BaseAnchor[mark.Class]
            if anchor is not None:
                place = (
                    anchor.XCoordinate - mark.MarkAnchor.XCoordinate,
                    anchor.YCoordinate - mark.MarkAnchor.YCoordinate,
                )
    return place


def _name(stroke: str, dots: str) -> str:
    return f"{stroke}_{dots}"


def _draw(face: TTFont, stroke: str, dots: str, place: Point) -> None:
    glyph = Glyph()
    glyph.numberOfContours = -1
    glyph.components = [_component(stroke, (0, 0)), _component(dots, place)]
    table, name = face["glyf"], _name(stroke, dots)
    table[name] = glyph
    glyph.recalcBounds(table)
    face["hmtx"][name] = (face["hmtx"][stroke][0], glyph.xMin)
    face["GDEF"].table.GlyphClassDef.classDefs[name] = BASE_GLYPH


def _component(name: str, place: Point) -> GlyphComponent:
    component = GlyphComponent()
    component.glyphName = name
    component.x, component.y = place
    component.flags = ARGUMENTS_ARE_XY
    return component


def _carry_anchors(face: TTFont, pairs: dict[tuple[str, str], Point]) -> None:
    """Vowel signs stand on the new glyph where they stood: over the dots, or on the stroke."""
    for table in _subtables(face, "GPOS", "MarkBasePos"):
        records = dict(zip(table.BaseCoverage.glyphs, table.BaseArray.BaseRecord, strict=True))
        above = {
            dots: [_above(face, table, kind, dots) for kind in range(table.ClassCount)]
            for dots in {dots for _stroke, dots in pairs}
        }
        for (stroke, dots), (x, y) in pairs.items():
            if stroke in records:
                record = otTables.BaseRecord()
                record.BaseAnchor = [
                    _anchor(x + point[0], y + point[1]) if point else anchor
                    for point, anchor in zip(above[dots], records[stroke].BaseAnchor, strict=True)
                ]
                records[_name(stroke, dots)] = record
        _set_bases(face, table, records)


def _set_bases(
    face: TTFont, table: otTables.BaseTable, records: dict[str, otTables.BaseTable]
) -> None:
    order = sorted(records, key=face.getGlyphID)
    table.BaseCoverage.glyphs = order
    table.BaseArray.BaseRecord = [records[glyph] for glyph in order]
    table.BaseArray.BaseCount = len(order)


def _above(face: TTFont, table: otTables.BaseTable, kind: int, dots: str) -> Point | None:
    """Where marks of one class stand on the dots; None where the dots carry no such mark."""
    classes = {
        glyph: record
        for glyph, record in zip(table.MarkCoverage.glyphs, table.MarkArray.MarkRecord, strict=True)
        if record.Class == kind
    }
    for stack in _subtables(face, "GPOS", "MarkMarkPos"):
        sign = next((glyph for glyph in stack.Mark1Coverage.glyphs if glyph in classes), None)
        if sign is None or dots not in stack.Mark2Coverage.glyphs:
            continue
        mark = stack.Mark1Array.MarkRecord[stack.Mark1Coverage.glyphs.index(sign)]
        record = stack.Mark2Array.Mark2Record[stack.Mark2Coverage.glyphs.index(dots)]
        target, own, alone = (
            record.Mark2Anchor[mark.Class],
            mark.MarkAnchor,
            classes[sign].MarkAnchor,
        )
        if target is not None:
            return (
                target.XCoordinate + alone.XCoordinate - own.XCoordinate,
                target.YCoordinate + alone.YCoordinate - own.YCoordinate,
            )
    return None


def _anchor(x: int, y: int) -> otTables.BaseTable:
    anchor = otTables.Anchor()
    anchor.Format, anchor.XCoordinate, anchor.YCoordinate = 1, x, y
    return anchor


def _carry_kerning(face: TTFont, pairs: dict[tuple[str, str], Point]) -> None:
    """The new glyph keeps the distances of its stroke."""
    for table in _subtables(face, "GPOS", "PairPos"):
        if table.Format != 2:
            continue
        covered = set(table.Coverage.glyphs)
        for stroke, dots in pairs:
            name = _name(stroke, dots)
            for classes in (table.ClassDef1.classDefs, table.ClassDef2.classDefs):
                if stroke in classes:
                    classes[name] = classes[stroke]
            if stroke in covered:
                table.Coverage.glyphs.append(name)
        table.Coverage.glyphs.sort(key=face.getGlyphID)


def _join(face: TTFont, pairs: dict[tuple[str, str], Point]) -> None:
    """One more rule, last of all: stroke and dots become the glyph drawn for both."""
    lookup = otTables.Lookup()
    lookup.LookupType, lookup.LookupFlag = 4, 0
    lookup.SubTable = [buildLigatureSubstSubtable({pair: _name(*pair) for pair in pairs})]
    lookup.SubTableCount = 1
    table = face["GSUB"].table
    table.LookupList.Lookup.append(lookup)
    table.LookupList.LookupCount += 1
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag == "liga":
            record.Feature.LookupListIndex.append(table.LookupList.LookupCount - 1)
            record.Feature.LookupCount += 1
