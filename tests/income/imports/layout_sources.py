"""Files as Python lists, for what looks at layouts: no reader is needed."""

from income.imports.sources import SourceRow


class Sheet:
    def __init__(self, rows, name=""):
        self.name, self.asked = name, 0
        self._rows = rows

    def rows(self):
        for number, cells in enumerate(self._rows, start=1):
            if any(cell not in (None, "") for cell in cells):
                self.asked += 1
                yield SourceRow(number, list(cells))


class Source:
    kind, encoding, delimiter = "xlsx", "", ""

    def __init__(self, *sheets):
        self.sheets = tuple(sheet if isinstance(sheet, Sheet) else Sheet(sheet) for sheet in sheets)


def table(text):
    """Rows of a block whose cells are parted by bars; an empty cell is None, `~` a blank row."""
    lines = [line.strip() for line in text.strip().splitlines()]
    return [
        [] if line == "~" else [cell.strip() or None for cell in line.split("|")] for line in lines
    ]
