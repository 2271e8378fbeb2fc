"""A donor with something in every block of its page, and another with the same."""

import datetime
from decimal import Decimal

from donors.models import Donor
from donors.models.relations import DocumentKind, EngagementKind
from income.models import Ledger
from income.vocabulary import ContributionState, Kind
from tests import factories

SIGNED_ON = datetime.date(2021, 2, 1)
YEARS = (("100.00", "2020-03-04", "AFRICA"), ("250.50", "2021-03-04", None))


def filled_file(books: Ledger, code: str) -> dict[str, object]:
    """100.00 for Africa of 2020 and 250.50 of 2021, an agreement of 900.00 with an instalment,
    a report delivered and one due, and of every document one that is shared and one that is not.
    """
    donor = Donor.objects.get(code=code)
    promised = factories.contribution(
        ledger=books, donor=donor, title=f"Housing {code}", state=ContributionState.SIGNED,
        signed_on=SIGNED_ON, amount=Decimal(900),
    )  # fmt: skip
    instalment = factories.instalment(contribution=promised, amount=Decimal(900))
    of = {"donor": donor, "contribution": promised, "fund_id": "FE"}
    factories.posting(
        books,
        factories.entry("900.00", kind=Kind.AGREEMENT, **of),
        factories.entry("900.00", kind=Kind.DUE, instalment=instalment, **of),
        reference=f"SIGN-{code}",
    )
    for usd, day, region in YEARS:
        on = datetime.date.fromisoformat(day)
        entry = factories.entry(usd, donor=donor, value_date=on, region_id=region, fund_id="FE")
        factories.posting(books, entry, reference=f"BANK-{code}-{on.year}")
    return {"donor": donor, "promised": promised, **documents(donor, promised)}


def documents(donor: Donor, promised: object) -> dict[str, object]:
    """Shared: an agreement, a filed letter, a delivered report. Not shared: all the others."""
    code = donor.code

    def document(kind: DocumentKind, title: str) -> object:
        return factories.donor_document(
            donor=donor, kind=kind, title=f"{title} {code}", content=title.encode()
        )

    agreement = document(DocumentKind.AGREEMENT, "The agreement")
    letter = document(DocumentKind.LETTER, "The letter")
    delivered = document(DocumentKind.REPORT, "Delivered report")
    factories.engagement(
        donor=donor, kind=EngagementKind.LETTER, subject="s3cret subject", summary="s3cret",
        document=letter,
    )  # fmt: skip
    factories.engagement(donor=donor, kind=EngagementKind.MEETING, subject="s3cret meeting")
    factories.contact(donor=donor, title=f"Permanent Mission {code}", is_addressee=True)
    factories.contact(donor=donor, title="s3cret former post", is_current=False)
    factories.report_due(
        contribution=promised, document=delivered, submitted_on=datetime.date(2022, 3, 1),
        note="s3cret note",
    )  # fmt: skip
    draft = document(DocumentKind.REPORT, "s3cret draft report")
    factories.report_due(
        contribution=promised, document=draft, until_on=datetime.date(2022, 12, 31),
        due_on=datetime.date(2023, 3, 31),
    )  # fmt: skip
    hidden = [draft, document(DocumentKind.BANK_ADVICE, "s3cret bank advice"),
              document(DocumentKind.LETTER, "s3cret letter nobody filed")]  # fmt: skip
    cleared = document(DocumentKind.NOTE_VERBALE, "s3cret note verbale of a clearance")
    factories.clearance(donor=donor, document=cleared, note="s3cret clearance")
    factories.contribution(
        ledger=promised.ledger, donor=donor, title="s3cret prospect",  # type: ignore[attr-defined]
        state=ContributionState.PROSPECT, probability=50, expected_on=SIGNED_ON,
    )  # fmt: skip
    return {"shared": [agreement, letter, delivered], "hidden": [*hidden, cleared]}
