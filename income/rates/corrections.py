"""A changed rate for a past day: asked for by one person, decided by another.

The day has a rate, or entries stand in the books at what was in force on it.
"""

import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AuditEvent, User
from accounts.services import record
from income.errors import NotAllowed, RateCorrectionWrong
from income.models import Currency, ExchangeRate, RateCorrection
from income.rates.displaced import displaced
from income.rates.facts import LOADABLE, wrong_source, wrong_units
from income.rates.loading import lock_currencies, refuse_stranger
from income.vocabulary import CorrectionState, RateType

REFUSED = "refuse_rate_correction"
LONGEST_REASON = RateCorrection._meta.get_field("because").max_length or 0


def standing_rate(currency: str, on: datetime.date, rate_type: str) -> ExchangeRate | None:
    """The rate of that very day as it stands now, corrected or not."""
    rates = ExchangeRate.objects.filter(currency=currency, effective_on=on, rate_type=rate_type)
    return rates.order_by("-revision").first()


@transaction.atomic
def ask_correction(
    currency: Currency, on: datetime.date, rate_type: RateType, *, units: Decimal, source: str,
    because: str, by: User,
) -> RateCorrection:  # fmt: skip
    """Ask for another rate (units per US dollar) from that day on; nothing changes yet.

    Raises NotAllowed, RateCorrectionWrong.
    """
    refuse_stranger(by)
    lock_currencies([currency.code])
    _refuse(currency, on, rate_type, units, source)
    was = _units_before(currency.code, on, rate_type, units)
    if was is None:
        raise RateCorrectionWrong(_("There is no rate of that day to correct. Enter a new one."))
    if not because.strip() or len(because.strip()) > LONGEST_REASON:
        sentence = _("Say in at most %(most)s characters why the rate was wrong.")
        raise RateCorrectionWrong(sentence % {"most": LONGEST_REASON}, field="because")
    if was == units:
        raise RateCorrectionWrong(_("This is the rate that the books hold."), field="units_per_usd")
    correction = RateCorrection.objects.create(
        currency=currency, effective_on=on, rate_type=rate_type, was=was,
        units_per_usd=units, source=source, because=because.strip(), asked_by=by,
    )  # fmt: skip
    record("ask_rate_correction", correction, by=by, after=_told(correction))
    return correction


def _units_before(
    currency: str, on: datetime.date, rate_type: str, units: Decimal
) -> Decimal | None:
    """What the books have instead: that day's rate, else what this one would displace."""
    if standing := standing_rate(currency, on, rate_type):
        was: Decimal = standing.units_per_usd
        return was
    rate = ExchangeRate(
        currency_id=currency, effective_on=on, rate_type=rate_type, units_per_usd=units
    )
    found = displaced([rate])
    return found[0].was if found else None


def _refuse(
    currency: Currency, on: datetime.date, rate_type: RateType, units: Decimal, source: str
) -> None:
    if rate_type not in LOADABLE:
        raise RateCorrectionWrong(_("Rates of this type are not corrected by hand."))
    for sentence in (*wrong_units(units), *wrong_source(source)):
        raise RateCorrectionWrong(sentence)
    waiting = RateCorrection.objects.filter(
        currency=currency, effective_on=on, rate_type=rate_type, state=CorrectionState.ASKED
    )
    if waiting.exists():
        raise RateCorrectionWrong(_("A correction of this rate waits for its decision already."))


@transaction.atomic
def approve_correction(correction: RateCorrection, *, by: User) -> ExchangeRate:
    """Put the new rate into force as the next revision of its day, the first where it had none.

    Entries keep the rate they were posted with. Raises NotAllowed, RateCorrectionWrong.
    """
    correction = _to_decide(correction, by)
    day = correction.currency_id, correction.effective_on, correction.rate_type
    was = standing_rate(*day)
    if _units_before(*day, correction.units_per_usd) != correction.was:
        raise RateCorrectionWrong(
            _("The rate changed since this was asked for. Refuse it, and ask again.")
        )
    rate = ExchangeRate.objects.create(
        currency_id=correction.currency_id, effective_on=correction.effective_on,
        rate_type=correction.rate_type, units_per_usd=correction.units_per_usd,
        source=correction.source, revision=was.revision + 1 if was else 1,
    )  # fmt: skip
    _decide(correction, CorrectionState.APPROVED, by, rate)
    record("approve_rate_correction", correction, by=by, after=_told(correction))
    return rate


@transaction.atomic
def refuse_correction(correction: RateCorrection, *, because: str, by: User) -> None:
    """Leave the rate as it is. Raises NotAllowed, RateCorrectionWrong."""
    correction = _to_decide(correction, by)
    if not because.strip() or len(because.strip()) > LONGEST_REASON:
        sentence = _("Say in at most %(most)s characters why the rate stays as it is.")
        raise RateCorrectionWrong(sentence % {"most": LONGEST_REASON}, field="because")
    _decide(correction, CorrectionState.REFUSED, by, None)
    record(REFUSED, correction, by=by, after={"because": because.strip(), **_told(correction)})


def why_refused(correction: RateCorrection) -> str:
    """The reason that was given for refusing it, as the audit trail keeps it."""
    events = AuditEvent.objects.filter(
        act=REFUSED, subject=correction._meta.label_lower, subject_id=str(correction.pk)
    )
    event = events.order_by("-at").first()
    return str(event.after.get("because", "")) if event else ""


def is_of_new_day(correction: RateCorrection) -> bool:
    """Whether the day had no rate of its own, so that entries stand at another day's."""
    if correction.rate is not None:
        return correction.rate.revision == 1
    return standing_rate(
        correction.currency_id, correction.effective_on, correction.rate_type
    ) is None  # fmt: skip


def may_decide(correction: RateCorrection, user: User) -> bool:
    """Whether it waits for this person: one who manages rates and did not ask for it."""
    if correction.state != CorrectionState.ASKED or correction.asked_by_id == user.pk:
        return False
    try:
        refuse_stranger(user)
    except NotAllowed:
        return False
    return True


def _to_decide(correction: RateCorrection, by: User) -> RateCorrection:
    """The correction read again, locked together with its currency."""
    refuse_stranger(by)
    lock_currencies([correction.currency_id])
    locked = RateCorrection.objects.select_for_update().get(pk=correction.pk)
    if locked.asked_by_id == by.pk:
        raise NotAllowed(_("You asked for this correction. Another person decides it."))
    if locked.state != CorrectionState.ASKED:
        raise RateCorrectionWrong(_("This correction was decided already."))
    return locked


def _decide(
    correction: RateCorrection, state: CorrectionState, by: User, rate: ExchangeRate | None
) -> None:
    correction.state, correction.decided_by, correction.rate = state, by, rate
    correction.decided_at = timezone.now()
    correction.save(update_fields=["state", "decided_by", "decided_at", "rate"])


def _told(correction: RateCorrection) -> dict[str, str]:
    return {
        "currency": correction.currency_id, "effective_on": str(correction.effective_on),
        "rate_type": correction.rate_type, "was": f"{correction.was.normalize():f}",
        "units_per_usd": f"{correction.units_per_usd.normalize():f}",
        "source": correction.source, "asked_because": correction.because,
    }  # fmt: skip
