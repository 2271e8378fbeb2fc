"""Names that the user chooses donors or books for, counted while a file is read."""

from income.imports.course.report import UnknownName
from income.imports.naming.donors import key_of

MOST = 5_000  # names told; rows of further ones are stopped all the same


class UnknownNames(dict[str, UnknownName]):
    """By the name's search form, in the order in which they come."""

    def count(
        self, text: str, iso3: str = "", contributor_type: str = "", *, key: str = ""
    ) -> None:
        """Count one more row that has the name; `key` where it is known already."""
        key = key or key_of(text)
        if key not in self:
            if len(self) >= MOST:
                return
            self[key] = UnknownName(key=key, text=text, rows=0)
        name = self[key]
        name.rows += 1
        name.iso3 = name.iso3 or iso3
        name.contributor_type = name.contributor_type or contributor_type
