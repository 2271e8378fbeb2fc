"""The texts of the letters, in the language that is active: whole paragraphs with placeholders."""

from django.utils.translation import gettext as _

from donors.models import Donor, UnStatus
from income.vocabulary import Kind, RateType
from interface.formatting import format_amount, format_date, format_number, format_rate
from reports.figures.words import amounts, dollars, per_cent
from reports.letters.facts import CoreCall, Facts, Reminder, Thanks
from reports.letters.wording import Wording

GOVERNMENT = "C01"


def is_state(donor: Donor) -> bool:
    """Whether the letter addresses the Government of a State, in the form due to one.

    An agency of a Government is written to as an organization.
    """
    is_observer = donor.area is not None and donor.area.un_status == UnStatus.OBSERVER
    return donor.is_member_state or (
        is_observer and donor.contributor_type_id == GOVERNMENT and donor.parent_id is None
    )


def wording(facts: Facts) -> Wording:
    """The letter's own text, before anybody changed it."""
    if isinstance(facts, CoreCall):
        found = _core_call(facts)
    elif isinstance(facts, Thanks):
        found = _thanks(facts)
    else:
        found = _reminder(facts)
    opening, closing = _frame(facts.donor)
    return Wording(found.subject, (opening, *found.paragraphs, closing), found.values)


def _frame(donor: Donor) -> tuple[str, str]:
    if is_state(donor):
        return _("Excellency,"), _(
            "Please accept, Excellency, the assurances of my highest consideration."
        )
    return _("Dear Sir or Madam,"), _("Please accept the expression of my highest regard.")


def _core_call(facts: CoreCall) -> Wording:
    year = facts.goal.year if facts.goal else facts.source.today.year
    values = {
        "donor": facts.donor.name, "year": str(year), "today": format_date(facts.source.today),
        "first_year": str(facts.given[0].year), "last_year": str(facts.given[-1].year),
    }  # fmt: skip
    paragraphs = [
        _(
            "I have the honour to write to you on behalf of the United Nations Human Settlements "
            "Programme (UN-Habitat) with regard to voluntary core contributions to the United "
            "Nations Habitat and Human Settlements Foundation for {year}."
        ),
        _past(facts, values),
        _(
            "Core contributions are not tied to a project. They sustain the normative work, the "
            "policy advice and the oversight with which Member States have entrusted UN-Habitat, "
            "and enable it to act where the need is greatest."
        ),
        *_goal(facts, values),
        _request(facts, values),
        _(
            "My colleagues and I remain at your disposal for any further information that you "
            "may wish to receive."
        ),
    ]
    subject = _("Core contributions to UN-Habitat for {year}")
    return Wording(subject, tuple(paragraphs), values)


def _past(facts: CoreCall, values: dict[str, str]) -> str:
    to_state = is_state(facts.donor)
    if not facts.has_given:
        if to_state:
            return _(
                "Our books show no core contribution by your Government from {first_year} to "
                "{last_year}. A first contribution, whatever its amount, would be greatly valued "
                "and would broaden the base on which UN-Habitat rests."
            )
        return _(
            "Our books show no core contribution by your organization from {first_year} to "
            "{last_year}. A first contribution, whatever its amount, would be greatly valued and "
            "would broaden the base on which UN-Habitat rests."
        )
    values["given"] = amounts(facts.total_usd or None, dict(facts.not_converted))
    if facts.kind == Kind.AUDITED_REVENUE:
        return _(
            "Allow me first to express my sincere gratitude for the core contributions that "
            "UN-Habitat has been granted from {first_year} to {last_year}. They amount to {given} "
            "of audited revenue, as the table below sets out year by year."
        )
    if to_state:
        return _(
            "Allow me first to express my sincere gratitude to your Government for its core "
            "contributions. From {first_year} to {last_year} UN-Habitat received {given}, as the "
            "table below sets out year by year."
        )
    return _(
        "Allow me first to express my sincere gratitude to your organization for its core "
        "contributions. From {first_year} to {last_year} UN-Habitat received {given}, as the "
        "table below sets out year by year."
    )


def _goal(facts: CoreCall, values: dict[str, str]) -> list[str]:
    goal = facts.goal
    if goal is None:
        return []
    values |= {"budget": dollars(goal.amount_usd), "budget_name": goal.name}
    if goal.received_usd is None or goal.percent is None:
        return [_("The core budget for {year} is {budget} ({budget_name}).")]
    values |= {"received": dollars(goal.received_usd), "share": per_cent(goal.percent)}
    return [
        _(
            "The core budget for {year} is {budget} ({budget_name}). By {today}, {received} had "
            "been received from all contributors, which is {share} of it."
        )
    ]


def _request(facts: CoreCall, values: dict[str, str]) -> str:
    to_state = is_state(facts.donor)
    if facts.amount is not None:
        values["asked"] = format_amount(facts.amount, facts.currency)
        if to_state:
            return _(
                "I should therefore be most grateful if your Government would consider a core "
                "contribution of {asked} for {year}."
            )
        return _(
            "I should therefore be most grateful if your organization would consider a core "
            "contribution of {asked} for {year}."
        )
    if to_state:
        return _(
            "I should therefore be most grateful if your Government would consider a core "
            "contribution for {year}, and would let UN-Habitat know at its earliest convenience "
            "what it may expect."
        )
    return _(
        "I should therefore be most grateful if your organization would consider a core "
        "contribution for {year}, and would let UN-Habitat know at its earliest convenience what "
        "it may expect."
    )


def _thanks(facts: Thanks) -> Wording:
    values = {
        "donor": facts.donor.name, "amount": format_amount(facts.amount, facts.currency),
        "received_on": format_date(facts.received_on), "purpose": facts.purpose,
        "fund": facts.fund,
    }  # fmt: skip
    if is_state(facts.donor):
        first = _(
            "I have the honour to acknowledge receipt of {amount}, which your Government paid to "
            "the United Nations Human Settlements Programme (UN-Habitat) and which arrived on "
            "{received_on}."
        )
    else:
        first = _(
            "I have the honour to acknowledge receipt of {amount}, which your organization paid "
            "to the United Nations Human Settlements Programme (UN-Habitat) and which arrived on "
            "{received_on}."
        )
    paragraphs = [first, *_purpose(facts, values), *_value(facts, values), _gratitude(facts)]
    subject = _("Acknowledgement of the contribution received on {received_on}")
    return Wording(subject, tuple(paragraphs), values)


def _purpose(facts: Thanks, values: dict[str, str]) -> list[str]:
    if facts.reference:
        values["bank_reference"] = facts.reference
    if not facts.purpose:
        return [_("It was credited to the following fund: {fund}.")]
    if not facts.agreement:
        return [_("It was credited to the following fund: {fund}. Its purpose is: {purpose}.")]
    values["agreement"] = facts.agreement
    return [
        _(
            "It was credited to the following fund: {fund}. Its purpose is: {purpose}. It is "
            "recorded under number {agreement}."
        )
    ]


def _value(facts: Thanks, values: dict[str, str]) -> list[str]:
    if facts.is_dollars:
        return []
    if facts.amount_usd is None or facts.rate is None:
        return [
            _(
                "Its value in United States dollars will be recorded as soon as the rate of "
                "exchange of that day is available."
            )
        ]
    values |= {
        "amount_usd": dollars(facts.amount_usd, "exact"), "rate": format_rate(facts.rate),
        "currency": facts.currency, "rate_on": format_date(facts.rate_on),
        "rate_type": str(RateType(facts.rate_type).label),
    }  # fmt: skip
    return [
        _(
            "It is recorded at {amount_usd}, at the rate of {rate} {currency} to the United States "
            "dollar of {rate_on} ({rate_type})."
        )
    ]


def _gratitude(facts: Thanks) -> str:
    if facts.is_core:
        return _(
            "On behalf of UN-Habitat I wish to express my sincere gratitude. Contributions that "
            "are not earmarked sustain the work that Member States have entrusted to UN-Habitat "
            "as a whole, and are valued accordingly."
        )
    return _(
        "On behalf of UN-Habitat I wish to express my sincere gratitude for this support and for "
        "the confidence that it expresses."
    )


def _reminder(facts: Reminder) -> Wording:
    values = {
        "donor": facts.donor.name, "agreement": facts.agreement, "title": facts.title,
        "number": format_number(facts.number), "count": format_number(facts.count),
        "due_on": format_date(facts.due_on), "due": format_amount(facts.due, facts.currency),
        "received": format_amount(facts.received, facts.currency),
        "outstanding": format_amount(facts.outstanding, facts.currency),
        "today": format_date(facts.source.today),
    }  # fmt: skip
    paragraphs = [_agreed(facts, values), _what_is_due(facts), _please(facts)]
    subject = _("Agreement {agreement}: instalment {number} of {count}, due on {due_on}")
    return Wording(subject, tuple(paragraphs), values)


def _agreed(facts: Reminder, values: dict[str, str]) -> str:
    if facts.signed_on is None:
        return _(
            "I have the honour to refer to agreement {agreement} with the United Nations Human "
            "Settlements Programme (UN-Habitat) for the following purpose: {title}."
        )
    values["signed_on"] = format_date(facts.signed_on)
    return _(
        "I have the honour to refer to agreement {agreement} with the United Nations Human "
        "Settlements Programme (UN-Habitat), which was signed on {signed_on} for the following "
        "purpose: {title}."
    )


def _what_is_due(facts: Reminder) -> str:
    if not facts.is_overdue:
        return _(
            "By the schedule of payments that was agreed, instalment {number} of {count} falls "
            "due on {due_on}. The amount still to be paid is {outstanding}."
        )
    if facts.received:
        return _(
            "By the schedule of payments that was agreed, instalment {number} of {count} fell due "
            "on {due_on}. Of {due}, {received} has been received; {outstanding} was outstanding "
            "on {today}."
        )
    return _(
        "By the schedule of payments that was agreed, instalment {number} of {count} fell due on "
        "{due_on}. It has not been received: {outstanding} was outstanding on {today}."
    )


def _please(facts: Reminder) -> str:
    if facts.is_overdue:
        return _(
            "I should be grateful if the payment could be arranged at your earliest convenience, "
            "with the number of the agreement as its reference. Should it have been made in the "
            "meantime, please accept our thanks and disregard this letter."
        )
    return _(
        "I should be grateful if the payment could be arranged by that day, with the number of "
        "the agreement as its reference. Should it have been made already, please accept our "
        "thanks and disregard this letter."
    )
