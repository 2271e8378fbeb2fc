"""Organisations as the file tells them: identifier where there is one, type, names."""

from dataclasses import dataclass, field

from donors.models import Donor, DonorName, IdentifierScheme, NameKind
from reports.iati import words
from reports.iati.codes import AGENCY, mapping
from reports.iati.elements import Element, told
from reports.iati.words import Texts


@dataclass(frozen=True)
class Organisation:
    """Nobody's `ref` and `type` are empty where they are not known or may not be told."""

    ref: str
    type: str
    names: Texts
    flow_type: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Two donors with the same are told as one."""
        return self.ref, self.names["en"]

    def write(self, parent: Element, tag: str, **attributes: str) -> Element:
        return told(parent, tag, self.names, ref=self.ref, type=self.type, **attributes)


HABITAT = Organisation(AGENCY, "40", words.names_in(words.AGENCY_NAMES))
UNNAMED = Organisation("", "", words.UNNAMED)
NOT_ATTRIBUTED = Organisation("", "", words.NOT_ATTRIBUTED)


@dataclass
class Organisations:
    """Donors as organisations, each read once: what it holds grows with donors, not with entries.

    A donor that was merged into another is that other. Of one that wishes to stay unnamed
    nothing is told, not even its type.
    """

    known: dict[int, Organisation] = field(default_factory=dict)

    def of(self, donor_id: int | None) -> Organisation:
        """The organisation of a donor; None is money that the source attributes to nobody."""
        if donor_id is None:
            return NOT_ATTRIBUTED
        if donor_id not in self.known:
            self.known[donor_id] = _organisation(Donor.objects.get(pk=donor_id))
        return self.known[donor_id]


def _organisation(donor: Donor) -> Organisation:
    chain = [donor]
    while chain[-1].merged_into and chain[-1].merged_into not in chain:
        chain.append(chain[-1].merged_into)
    if any(one.is_unnamed for one in chain):
        return UNNAMED
    stands = chain[-1]
    return Organisation(
        _identifier(stands),
        mapping("organisation_type").get(stands.contributor_type_id, ""),
        words.names_in(stands.names),
        mapping("flow_type").get(stands.contributor_type_id, ""),
    )


def _identifier(donor: Donor) -> str:
    """The first one in the order of the alphabet; empty where none is known."""
    names = DonorName.objects.filter(
        donor=donor, kind=NameKind.IDENTIFIER, scheme=IdentifierScheme.IATI
    )
    return names.order_by("name").values_list("name", flat=True).first() or ""
