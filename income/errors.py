"""The error vocabulary of income: each says in a sentence what is wrong and what to do."""

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from interface.errors import PortalError
from interface.formatting import format_exact


class CurrencyMismatch(PortalError):
    def __init__(self, one: str, other: str) -> None:
        super().__init__(
            _("%(one)s and %(other)s cannot be added. Convert one of them first.")
            % {"one": one, "other": other}
        )


class SplitImpossible(PortalError):
    def __init__(self) -> None:
        super().__init__(_("The amount cannot be split: the shares must be above zero."))


class AmountWrong(PortalError):
    """An amount that is zero, too large, or has too many decimals for its currency.

    `code` names the rule, where a report on a file counts it.
    """

    def __init__(self, sentence: str, *, field: str = "amount", code: str = "amount_wrong") -> None:
        super().__init__(sentence, field=field)
        self.code = code


class DateWrong(PortalError):
    """A day that cannot be right; `code` as in AmountWrong."""

    def __init__(self, sentence: str, *, field: str, code: str = "date_wrong") -> None:
        super().__init__(sentence, field=field)
        self.code = code


class SplitDoesNotAddUp(PortalError):
    def __init__(self, *, total: Decimal, parts: Decimal, currency: str, field: str) -> None:
        super().__init__(
            _(
                "The parts add up to %(parts)s %(currency)s, the whole is %(total)s "
                "%(currency)s: the difference is %(difference)s. Change a part or the whole."
            )
            % {
                "parts": format_exact(parts),
                "total": format_exact(total),
                "difference": format_exact(total - parts),
                "currency": currency,
            },
            field=field,
        )


class MonthClosed(PortalError):
    code = "month_closed"

    def __init__(self, month: object, *, field: str = "") -> None:
        super().__init__(
            _(
                "%(month)s is closed: nothing can be booked in it any more. If the date is right, "
                "book it as an adjustment in the present month."
            )
            % {"month": month},
            field=field,
        )


class NotCleared(PortalError):
    """An agreement of a private donor without due diligence."""

    code = "not_cleared"


class Unvalued(PortalError):
    """What is not cash, without the method of its valuation."""

    code = "no_valuation"


class RateMissing(PortalError):
    def __init__(self, currency: str, on: datetime.date) -> None:
        super().__init__(
            _("There is no exchange rate for %(currency)s in force on %(on)s.")
            % {"currency": currency, "on": on.isoformat()}
        )


class RateFileWrong(PortalError):
    """A rate file that cannot be taken over, with every reason, line by line."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__(" ".join(self.problems))


class RateCorrectionWrong(PortalError):
    """A correction of an exchange rate that cannot be asked for or decided; says why."""


class NotAllowed(PortalError):
    """An act by somebody who may not do it, such as approving one's own draft."""

    status = 403


class DraftChanged(PortalError):
    status = 409

    def __init__(self) -> None:
        super().__init__(
            _("Somebody changed this draft in the meantime. Look at it again, then decide.")
        )


class ImportChanged(PortalError):
    status = 409

    def __init__(self) -> None:
        super().__init__(
            _("Somebody changed this import in the meantime. Look at it again, then decide.")
        )


class PostingWrong(PortalError):
    """A posting that breaks a rule of the ledger; names the rule."""

    def __init__(self, sentence: str, **details: Any) -> None:
        super().__init__(sentence % details if details else sentence)


class PostedBefore(PostingWrong):
    """A batch of postings that stands already, with `sequence` among others."""

    status = 409

    def __init__(self, sequence: int, books: str) -> None:
        super().__init__(
            _("This was posted before: posting %(sequence)s of %(books)s."),
            sequence=sequence,
            books=books,
        )


class AlreadyReversed(PortalError):
    status = 409

    def __init__(self, sequence: int) -> None:
        super().__init__(
            _("Posting %(sequence)s was reversed before. It can be reversed once only.")
            % {"sequence": sequence}
        )


class CannotCorrect(PortalError):
    """A posting that cannot be replaced by another; says what to do instead."""


class ErpFileWrong(PortalError):
    """An export of the ERP that cannot be taken over, with every reason, row by row."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__(" ".join(self.problems))


class LedgerBroken(Exception):
    """What verification found; names the first posting that is wrong. Not for a form."""
