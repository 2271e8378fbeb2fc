"""Names that are nobody's, counted while a file is read, for the user to choose from."""

from income.imports.donors import key_of
from income.imports.report import UnknownName

MOST = 5_000  # names told; rows of further ones are stopped all the same


class UnknownNames(dict[str, UnknownName]):
    """By the name's search form, in the order in which they come."""

    def count(self, text: str, iso3: str = "", contributor_type: str = "") -> None:
        """Count one more row that has the name."""
        key = key_of(text)
        if key not in self:
            if len(self) >= MOST:
                return
            self[key] = UnknownName(key=key, text=text, rows=0)
        name = self[key]
        name.rows += 1
        name.iso3 = name.iso3 or iso3
        name.contributor_type = name.contributor_type or contributor_type
