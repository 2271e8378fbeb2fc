"""The one field class for amounts that are summed: exact on PostgreSQL and SQLite alike."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import CombinedExpression
from django.utils.translation import gettext_lazy as _

LARGEST_STORED = 2**63 - 1


class ExactDecimalField(models.Field):
    """A Decimal with a fixed number of places, stored as a scaled integer.

    SQLite sums decimals as floating point; it sums integers exactly. Subclasses `Field` and not
    `BigIntegerField`, whose F() arithmetic and Avg would come back unscaled, silently. A value
    with more places than the column holds raises instead of being rounded.
    """

    description = _("exact decimal with %(places)s places")

    def __init__(self, *args: Any, places: int, **kwargs: Any) -> None:
        self.places = places
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "places": self.places}

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "bigint"

    def from_db_value(self, value: Any, *_args: Any) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-self.places)

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or value == "":
            return None
        try:
            number = value if isinstance(value, Decimal) else Decimal(str(value))
        except InvalidOperation as error:
            raise ValidationError(
                _("“%(value)s” is not a number."), params={"value": value}
            ) from error
        if not number.is_finite():
            raise ValidationError(_("“%(value)s” is not a number."), params={"value": value})
        return number

    def get_prep_value(self, value: Any) -> int | None:
        if value is None:
            return None
        if isinstance(value, float):
            raise TypeError(f"{self.name}: a float is not an exact amount.")
        scaled = Decimal(value).scaleb(self.places)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{self.name}: {value} has more than {self.places} decimals.")
        if abs(scaled) > LARGEST_STORED:
            raise ValueError(f"{self.name}: {value} is too large.")
        return int(scaled)

    def get_placeholder(self, value: Any, *_args: Any) -> str:
        """Refuse `F(…) + 1` in an update: the database would add one unit of the last place."""
        if isinstance(value, CombinedExpression):
            raise FieldError(f"{self.name}: compute the amount in Python, not in the database.")
        return "%s"

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(
            **{"form_class": forms.DecimalField, "decimal_places": self.places, **kwargs}
        )
