"""What the rows of an officer's first day are laid out with: who works, and how they are marked."""

import datetime
from dataclasses import dataclass
from functools import cached_property

from accounts.demonstration import EMAILS, SECOND_OFFICER_EMAIL
from accounts.models import User
from accounts.permissions import Role
from donors.models import Donor
from income.demonstration import BOOKS
from income.demonstration.posting import LOADED_ON
from income.models import Contribution, Currency, Fund, Ledger

# What is typed by hand in real life carries a mark: nobody may take it for the agency's own.
MARK = "DEMO-"  # opens references and identifiers
DOMAIN = "@demo.example"  # a name that nobody can own


def marked(text: str) -> str:
    """The text of a title, saying that it is made up."""
    return f"{text} (demonstration)"


@dataclass(frozen=True)
class Desk:
    """The demonstration's books and the people who work on them, on the day they are seen from."""

    ledger: Ledger
    officer: User
    second: User
    reviewer: User
    today: datetime.date = LOADED_ON

    @classmethod
    def of_the_demonstration(cls) -> "Desk":
        """Needs the books and the accounts of the demonstration."""
        return cls(
            ledger=Ledger.objects.select_for_update().get(code=BOOKS),
            officer=User.objects.get(email=EMAILS[Role.OFFICER]),
            second=User.objects.get(email=SECOND_OFFICER_EMAIL),
            reviewer=User.objects.get(email=EMAILS[Role.REVIEWER]),
        )

    @cached_property
    def donors(self) -> dict[str, Donor]:
        """By code."""
        return Donor.objects.in_bulk(field_name="code")

    @cached_property
    def agreements(self) -> dict[str, Contribution]:
        """The signed ones of the books by their token, and pledges by theirs."""
        rows = Contribution.objects.filter(ledger=self.ledger).exclude(reference="")
        return {row.reference: row for row in rows.select_related("donor", "currency", "fund")}

    @cached_property
    def funds(self) -> dict[str, Fund]:
        return Fund.objects.in_bulk()

    @cached_property
    def currencies(self) -> dict[str, Currency]:
        return Currency.objects.in_bulk()
