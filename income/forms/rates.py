"""Forms of exchange rates: one rate, a file of them, a correction and its decision."""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donors.reference import NUMBER
from income.errors import RateFileWrong
from income.forms.fields import DayField, ReferenceField
from income.models import Currency, ExchangeRate
from income.money import USD
from income.rates.corrections import LONGEST_REASON, standing_rate
from income.rates.displaced import displaced
from income.rates.facts import (
    LOADABLE,
    LONGEST_SOURCE,
    Checked,
    entries_stand,
    wrong_day,
    wrong_units,
)
from income.rates.files import MOST_BYTES, check_content
from income.reference import RATE_PLACES
from income.vocabulary import RateType
from interface.formatting import format_exact

TYPES = [(str(kind), kind.label) for kind in LOADABLE]


class UnitsField(forms.CharField):
    """Units per US dollar with a decimal point. “0,844” is no thousand, so no comma is taken."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__(**{"widget": forms.TextInput(attrs=attrs), "max_length": 40, **kwargs})

    def clean(self, value: Any) -> Decimal | None:
        typed = super().clean(value)
        if not typed:
            return None
        if not NUMBER.fullmatch(typed):
            raise forms.ValidationError(
                _("“%(typed)s” is not a rate. Write digits and a decimal point, such as 0.844.")
                % {"typed": typed}
            )
        if len(typed.partition(".")[2].rstrip("0")) > RATE_PLACES:
            raise forms.ValidationError(
                _("A rate has at most %(places)s decimals.") % {"places": RATE_PLACES}
            )
        _say(wrong_units(Decimal(typed)))
        return Decimal(typed).normalize()


class RateForm(forms.Form):
    """One rate of one currency, in force from a day on.

    `refused` is what was typed where the books hold another rate, or entries stand at another:
    that needs a correction.
    """

    currency = ReferenceField(
        Currency.objects.exclude(code=USD).order_by("code"), label=gettext_lazy("Currency"),
        empty_label="",
    )  # fmt: skip
    effective_on = DayField(label=gettext_lazy("In force from"))
    units_per_usd = UnitsField(
        label=gettext_lazy("Units of the currency per US dollar"),
        help_text=gettext_lazy("With a decimal point, such as 0.844 or 129.35."),
    )
    rate_type = forms.ChoiceField(label=gettext_lazy("Kind of rate"), choices=TYPES)
    source = forms.CharField(
        label=gettext_lazy("Source"), max_length=LONGEST_SOURCE,
        help_text=gettext_lazy("Where it can be looked up, such as the circular of the treasury."),
    )  # fmt: skip

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.refused: ExchangeRate | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (on := cleaned.get("effective_on")) and (kind := cleaned.get("rate_type")):
            for sentence in wrong_day(on, kind, self.today):
                self.add_error("effective_on", _capital(sentence))
        if not self.errors:
            self.compare(self.rate)
        return cleaned

    def compare(self, rate: ExchangeRate) -> None:
        """Refuse what the books hold already, for the day or in entries of days since."""
        was = standing_rate(rate.currency_id, rate.effective_on, rate.rate_type)
        if was is not None and was.units_per_usd == rate.units_per_usd:
            self.add_error("units_per_usd", _("The books hold this very rate already."))
        elif was is not None:
            self.refused = rate
            sentence = _(
                "The books hold %(old)s for the day. A rate is never overwritten: ask for a "
                "correction."
            )
            self.add_error(
                "units_per_usd", sentence % {"old": format_exact(was.units_per_usd.normalize())}
            )
        elif found := displaced([rate]):
            self.refused = rate
            self.add_error("units_per_usd", entries_stand(found[0].entries))

    @property
    def rate(self) -> ExchangeRate:
        """What was typed, unsaved; of a form whose fields are right."""
        typed = self.cleaned_data
        return ExchangeRate(
            currency=typed["currency"], effective_on=typed["effective_on"],
            units_per_usd=typed["units_per_usd"], rate_type=typed["rate_type"],
            source=typed["source"],
        )  # fmt: skip


class RateCorrectionForm(RateForm):
    """Another rate for a past day, and why."""

    because = forms.CharField(
        label=gettext_lazy("Why the rate was wrong"), max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def compare(self, rate: ExchangeRate) -> None:
        """Whether there is one to correct, the service says, which looks at it under a lock."""


class RateFileForm(forms.Form):
    """A file of rates: CSV, or the XML of the UN treasury. `checked` is what came of it."""

    rate_type = forms.ChoiceField(label=gettext_lazy("Kind of rate"), choices=TYPES)
    file = forms.FileField(label=gettext_lazy("CSV file, or XML file of the UN treasury"),
                           max_length=200)  # fmt: skip

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.problems: list[str] = []
        self.content = b""
        self.checked: Checked | None = None

    @property
    def name(self) -> str:
        return Path(str(self.cleaned_data["file"].name)).name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        self.content = cleaned["file"].read(MOST_BYTES + 1)
        try:
            kind = RateType(cleaned["rate_type"])
            self.checked = check_content(self.content, Path(self.name), kind, today=self.today)
            self.problems = [str(problem) for problem in sorted(self.checked.wrong)]
        except RateFileWrong as error:
            self.problems = error.problems
        if len(self.problems) == 1:
            self.add_error("file", self.problems[0])
        elif self.problems:
            self.add_error("file", _("Nothing can be saved until the file is mended."))
        return cleaned


def _say(sentences: Iterator[str]) -> None:
    for sentence in sentences:
        raise forms.ValidationError(_capital(sentence))


def _capital(sentence: str) -> str:
    """The rules' sentences go on after a place; in a form they stand by themselves."""
    return sentence[:1].upper() + sentence[1:]
