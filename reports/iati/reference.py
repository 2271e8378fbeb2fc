"""Loads the IATI organisation identifiers of donors from fixtures/."""

from pathlib import Path

from donors.models import Donor, DonorName, IdentifierScheme, NameKind
from donors.reference import FIXTURES, read_rows


def load(folder: Path = FIXTURES) -> dict[str, int]:
    """Give each donor its identifier, unless people edited the donor. Raises TableFileWrong."""
    rows = read_rows(folder, "iati_identifiers.csv", unique=["donor"])
    codes = [row.text("donor") for row in rows]
    donors = Donor.objects.filter(version=1).in_bulk(codes, field_name="code")
    names = []
    for row in rows:
        if donor := donors.get(row.text("donor")):
            name = DonorName.of(donor, row.required("identifier"), kind=NameKind.IDENTIFIER)
            name.scheme = IdentifierScheme.IATI
            names.append(row.checked(name))
    DonorName.objects.bulk_create(
        names, update_conflicts=True, update_fields=["normalized", "scheme"],
        unique_fields=["donor", "language", "kind", "name"],
    )  # fmt: skip
    return {"IATI identifiers": len(rows)}
