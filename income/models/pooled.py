"""Who stands behind a pooled fund: a memo, never added to income."""

from django.db import models
from django.db.models import F, Q

from donors.models import Donor
from income.fields import ExactDecimalField


class PooledShare(models.Model):
    """The part of a pooled fund's money in a year that came from one contributor to it."""

    pooled_fund = models.ForeignKey(Donor, models.PROTECT, related_name="shares_of_contributors")
    contributor = models.ForeignKey(Donor, models.PROTECT, related_name="shares_in_pooled_funds")
    year = models.PositiveSmallIntegerField()
    share_rate = ExactDecimalField(places=6)  # a fraction: 0.25 = a quarter
    source = models.CharField(max_length=200)
    is_demonstration = models.BooleanField(default=False)

    class Meta:
        ordering = ["pooled_fund", "year", "-share_rate"]
        constraints = [
            models.UniqueConstraint(
                fields=["pooled_fund", "contributor", "year", "is_demonstration"],
                name="one_share_a_year",
            ),
            models.CheckConstraint(
                condition=Q(share_rate__gt=0, share_rate__lte=1), name="a_share_is_a_fraction"
            ),
            models.CheckConstraint(
                condition=~Q(contributor=F("pooled_fund")), name="no_fund_stands_behind_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pooled_fund_id} {self.year} {self.contributor_id}"
