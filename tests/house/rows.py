"""Rows that break one constraint each, and rows that keep to all of them, for test_models.py."""

import datetime
import uuid
from decimal import Decimal

from django.utils import timezone

from income.models import Entry, Posting
from income.models.ledger import GENESIS
from tests import factories, import_factories

D = Decimal
A_DAY = datetime.date(2021, 3, 4)
THE_DAY_BEFORE = datetime.date(2021, 3, 3)


def a_user():
    return factories.user()


def a_posting(**changed):
    """A row of the table itself, past the one door; sound unless something is changed."""
    row = {
        "id": uuid.uuid4(), "sequence": 1, "act": "record_receipt", "token": "t",
        "booked_month": 202103, "posted_at": timezone.now(), "entry_count": 1,
        "content_hash": GENESIS, "previous_hash": GENESIS, "hash": GENESIS,
    }  # fmt: skip
    changed.setdefault("ledger", None)
    changed["ledger"] = changed["ledger"] or factories.ledger()
    return Posting.objects.create(**{**row, **changed})


def an_entry(**changed):
    """The same for an entry: 100 US dollars of an unnamed donor."""
    posting = a_posting()
    row = {
        "posting": posting, "ledger": posting.ledger, "line": 1, "kind": "receipt",
        "fund_id": "FNE", "value_date": A_DAY, "booked_month": 202103, "year_for": 2021,
        "currency_id": "USD", "amount": D(100), "amount_usd": D(100), "rate": D(1),
        "rate_on": A_DAY, "rate_type": "parity",
    }  # fmt: skip
    return Entry.objects.create(**{**row, **changed})


def reviewed_by_its_writer():
    user = factories.user()
    return factories.draft(written_by=user, reviewed_by=user, reviewed_at=timezone.now())


def approved_by_its_preparer():
    user = factories.user()
    return a_posting(prepared_by=user, approved_by=user)


def a_clearance(**changed):
    """Due diligence decided well, for 2021, by somebody else than who asked."""
    row = {
        "state": "cleared", "requested_by": a_user(), "decided_by": a_user(),
        "decided_at": timezone.now(), "valid_from_on": datetime.date(2021, 1, 1),
        "valid_until_on": datetime.date(2021, 12, 31),
    }  # fmt: skip
    return factories.clearance(**{**row, **changed})


def cleared_by_who_asked():
    user = a_user()
    return a_clearance(requested_by=user, decided_by=user)


def decided_by_who_asked():
    user = factories.user()
    return import_factories.rate_correction(
        asked_by=user, decided_by=user, decided_at=timezone.now(), state="refused"
    )


def a_prospect(**changed):
    row = {"state": "prospect", "probability": 50, "expected_on": A_DAY}
    return factories.contribution(**{**row, **changed})


def an_increase(**changed):
    row = {"kind": "increase", "amount_change": D(50), "posting": a_posting()}
    return factories.amendment(**{**row, **changed})


def a_write_off(**changed):
    row = {"kind": "write_off", "authority": "Controller", "document_reference": "IOM 2021/7"}
    return an_increase(**{**row, **changed})


def a_fund_behind_itself():
    fund = factories.donor()
    return factories.pooled_share(pooled_fund=fund, contributor=fund)


NOT_CONVERTED = {"currency_id": "KES", "amount_usd": None, "rate": None, "rate_on": None,
                 "rate_type": ""}  # fmt: skip
# Each check constraint with rows that break it, and nothing else.
BAD_ROWS = {
    "a_mail_goes_to_an_account_or_an_address": [
        lambda: factories.outgoing_mail(address=""),
        lambda: factories.outgoing_mail(address="a@example.org", recipient=a_user()),
    ],
    "role_is_a_known_role": [lambda: factories.user(role="emperor")],
    "a_merge_has_a_date": [
        lambda: factories.donor(merged_into=factories.donor()),
        lambda: factories.donor(merged_on=A_DAY),
    ],
    "a_member_state_has_an_area": [lambda: factories.donor(is_member_state=True)],
    "representation_ends_after_it_starts": [
        lambda: factories.representation(starts_on=A_DAY, ends_on=A_DAY),
        lambda: factories.representation(starts_on=A_DAY, ends_on=THE_DAY_BEFORE),
    ],
    "a_currency_has_at_most_4_decimals": [lambda: factories.currency(decimals=5)],
    "a_rate_is_above_zero": [
        lambda: factories.exchange_rate(units_per_usd=D(0)),
        lambda: factories.exchange_rate(units_per_usd=D(-1)),
    ],
    "contribution_above_zero": [
        lambda: factories.contribution(amount=D(0)),
        lambda: factories.contribution(amount=D("-0.0001")),
    ],
    "a_signed_contribution_has_its_date": [lambda: factories.contribution(state="signed")],
    "programme_support_rate_is_a_fraction": [
        lambda: factories.contribution(programme_support_rate=D(13)),
        lambda: factories.contribution(programme_support_rate=D(1)),
        lambda: factories.contribution(programme_support_rate=D("-0.01")),
    ],
    "a_contribution_ends_after_it_starts": [
        lambda: factories.contribution(starts_on=A_DAY, ends_on=THE_DAY_BEFORE)
    ],
    "instalment_above_zero": [
        lambda: factories.instalment(amount=D(0)),
        lambda: factories.instalment(amount=D(-5)),
    ],
    "a_posted_draft_has_its_posting": [
        lambda: factories.draft(state="posted"),
        lambda: factories.draft(state="submitted", posting=a_posting()),
    ],
    "nobody_reviews_their_own_draft": [reviewed_by_its_writer],
    "a_review_has_person_and_time": [
        lambda: factories.draft(reviewed_by=a_user()),
        lambda: factories.draft(reviewed_at=timezone.now()),
    ],
    "a_returned_draft_says_why": [lambda: factories.draft(state="returned")],
    "sequence_starts_at_1": [lambda: a_posting(sequence=0)],
    "a_posting_has_entries": [lambda: a_posting(entry_count=0)],
    "an_era_holds_postings": [lambda: factories.era(after=1, until=1)],
    "nobody_approves_their_own": [
        approved_by_its_preparer,
        lambda: a_posting(prepared_by=a_user()),
        lambda: a_posting(approved_by=a_user()),
    ],
    "a_reversal_names_what_it_reverses": [
        lambda: a_posting(act="reverse"),
        lambda: a_posting(reverses=a_posting()),
    ],
    "an_entry_is_not_zero": [
        lambda: an_entry(**{**NOT_CONVERTED, "amount": D(0)}),
    ],
    "dollars_come_with_their_rate": [
        lambda: an_entry(rate=None),
        lambda: an_entry(rate=D(0)),
        lambda: an_entry(rate_on=None),
        lambda: an_entry(rate_type=""),
        lambda: an_entry(currency_id="KES", amount_usd=None),
        lambda: an_entry(**{**NOT_CONVERTED, "rate": D(1)}),
    ],
    "dollars_have_the_sign_of_the_amount": [
        lambda: an_entry(amount_usd=D(-100)),
        lambda: an_entry(amount=D(-100)),
    ],
    "an_allotment_has_no_donor": [
        lambda: an_entry(kind="allotment", fund_id="RB", donor=factories.donor())
    ],
    "a_kind_goes_to_its_funds": [
        lambda: an_entry(kind="promise"),
        lambda: an_entry(kind="allotment", fund_id="FNE", donor=None),
        lambda: an_entry(kind="support", fund_id="FE"),
        lambda: an_entry(kind="receipt", fund_id="RB"),
        lambda: an_entry(kind="due", fund_id="PS"),
        lambda: an_entry(kind="pledge", fund_id="CORE"),
        lambda: an_entry(kind="conditional", fund_id="CORE"),
        lambda: an_entry(kind="levy", fund_id="PS"),
    ],
    "us_dollars_need_no_rate": [lambda: an_entry(**{**NOT_CONVERTED, "currency_id": "USD"})],
    "a_prospect_has_probability_and_day": [
        lambda: a_prospect(probability=None),
        lambda: a_prospect(expected_on=None),
        lambda: a_prospect(pledged_on=A_DAY),
        lambda: a_prospect(signed_on=A_DAY),
    ],
    "a_probability_is_a_percentage": [lambda: a_prospect(probability=101)],
    "allocation_above_zero": [
        lambda: factories.allocation(amount=D(0)),
        lambda: factories.allocation(amount=D(-5)),
    ],
    "a_settled_condition_has_day_and_evidence": [
        lambda: factories.condition(settled_on=A_DAY),
        lambda: factories.condition(state="met", settled_on=A_DAY),
        lambda: factories.condition(state="waived", evidence="Letter"),
    ],
    "a_change_of_money_has_its_posting": [
        lambda: factories.amendment(posting=a_posting()),
        lambda: an_increase(posting=None),
    ],
    "a_write_off_has_authority_and_document": [
        lambda: a_write_off(authority=""),
        lambda: a_write_off(document_reference=""),
    ],
    "an_amendment_has_a_reason": [lambda: factories.amendment(reason="")],
    "a_report_is_due_within_two_years": [lambda: factories.report_clause(days_after=731)],
    "a_report_has_a_period": [lambda: factories.report_due(from_on=A_DAY, until_on=THE_DAY_BEFORE)],
    "a_report_is_accepted_after_it_was_submitted": [
        lambda: factories.report_due(accepted_on=A_DAY),
        lambda: factories.report_due(submitted_on=A_DAY, accepted_on=THE_DAY_BEFORE)
    ],
    "a_campaign_ends_after_it_starts": [
        lambda: factories.campaign(starts_on=A_DAY, ends_on=THE_DAY_BEFORE)
    ],
    "an_amount_asked_has_its_currency": [
        lambda: factories.approach(currency_id="USD"),
        lambda: factories.approach(amount=D(5)),
        lambda: factories.approach(amount=D(0), currency_id="USD"),
    ],
    "an_answer_has_its_day": [
        lambda: factories.approach(answer="positive"),
        lambda: factories.approach(answered_on=A_DAY),
    ],
    "parked_money_is_above_zero": [lambda: factories.parked_receipt(amount=D(0))],
    "matched_money_has_its_posting": [
        lambda: factories.parked_receipt(state="matched", settled_on=A_DAY),
        lambda: factories.parked_receipt(state="matched", posting=a_posting()),
        lambda: factories.parked_receipt(state="returned"),
        lambda: factories.parked_receipt(state="returned", settled_on=A_DAY, posting=a_posting()),
        lambda: factories.parked_receipt(posting=a_posting()),
    ],
    "a_reference_is_of_one_thing": [
        lambda: factories.erp_reference(posting=None),
        lambda: factories.erp_reference(
            posting=a_posting(), contribution=factories.contribution()
        ),
    ],
    "a_reference_of_a_row_has_its_posting": [lambda: factories.erp_reference(receipt_line=3)],
    "a_matched_row_has_its_posting": [lambda: factories.erp_line(receipt_line=3)],
    "a_share_is_a_fraction": [
        lambda: factories.pooled_share(share_rate=D(0)),
        lambda: factories.pooled_share(share_rate=D("1.000001")),
    ],
    "no_fund_stands_behind_itself": [a_fund_behind_itself],
    "a_correction_says_why": [
        lambda: factories.draft(corrects=a_posting()),
        lambda: factories.draft(because="A wrong amount"),
    ],
    "a_reversal_replaces_nothing": [
        lambda: a_posting(act="reverse", reverses=a_posting(), replaces=a_posting())
    ],
    "only_a_receipt_settles": [lambda: an_entry(kind="due", settled_usd=D(100))],
    "a_decided_clearance_has_time_and_person": [
        lambda: a_clearance(decided_at=None),
        lambda: a_clearance(decided_by=None),
        lambda: factories.clearance(decided_by=a_user()),
        lambda: factories.clearance(decided_at=timezone.now()),
    ],
    "a_clearance_is_valid_for_a_time": [
        lambda: a_clearance(valid_from_on=None),
        lambda: a_clearance(valid_until_on=None),
        lambda: a_clearance(valid_from_on=A_DAY, valid_until_on=THE_DAY_BEFORE),
    ],
    "nobody_clears_what_they_asked_for": [cleared_by_who_asked],
    "a_period_has_years": [lambda: factories.strategy_period(from_year=2023, to_year=2020)],
    "a_target_has_years": [lambda: factories.annual_target(from_year=2023, to_year=2020)],
    "a_digest_comes_from_a_check": [lambda: import_factories.import_(digest="0" * 64)],
    "revisions_begin_at_1": [lambda: factories.exchange_rate(revision=0)],
    "a_correction_changes_the_rate": [
        lambda: import_factories.rate_correction(units_per_usd=D("8.5")),
        lambda: import_factories.rate_correction(units_per_usd=D(0)),
    ],
    "a_rate_correction_says_why": [lambda: import_factories.rate_correction(because="")],
    "nobody_decides_their_own_rate": [decided_by_who_asked],
    "a_decided_correction_says_by_whom": [
        lambda: import_factories.rate_correction(state="approved"),
        lambda: import_factories.rate_correction(state="refused"),
        lambda: import_factories.rate_correction(decided_by=a_user()),
    ],
    "a_failed_load_adds_nothing": [lambda: import_factories.rate_load(has_succeeded=False)],
}  # fmt: skip
# The same rows, sound: what a constraint must let through.
GOOD_ROWS = [
    lambda: factories.outgoing_mail(address="person@example.org"),
    an_entry,
    a_posting,
    lambda: an_entry(**NOT_CONVERTED),
    lambda: an_entry(amount=D("-0.001"), amount_usd=D(0), currency_id="KES", rate=D(100)),
    lambda: an_entry(kind="allotment", fund_id="RB"),
    lambda: a_posting(prepared_by=a_user(), approved_by=a_user()),
    lambda: a_posting(act="reverse", reverses=a_posting()),
    lambda: factories.donor(is_member_state=True, area=factories.area()),
    lambda: factories.donor(merged_into=factories.donor(), merged_on=A_DAY),
    lambda: factories.contribution(state="signed", signed_on=A_DAY),
    lambda: factories.contribution(programme_support_rate=D(0), starts_on=A_DAY, ends_on=A_DAY),
    lambda: factories.draft(state="posted", posting=a_posting()),
    lambda: factories.draft(state="returned", returned_because="The date is missing"),
    lambda: factories.draft(reviewed_by=a_user(), reviewed_at=timezone.now()),
    lambda: factories.draft(corrects=a_posting(), because="A wrong amount"),
    lambda: a_posting(replaces=a_posting()),
    lambda: an_entry(settled_usd=D("99.50")),
    lambda: an_entry(kind="conditional", fund_id="FE"),
    lambda: an_entry(kind="levy", fund_id="FE"),
    a_prospect,
    lambda: a_prospect(probability=100),
    lambda: factories.condition(state="met", settled_on=A_DAY, evidence="Letter of 3 March"),
    factories.amendment,
    an_increase,
    a_write_off,
    lambda: factories.report_clause(days_after=730),
    lambda: factories.report_due(from_on=A_DAY, until_on=A_DAY),
    lambda: factories.report_due(submitted_on=A_DAY, accepted_on=A_DAY),
    lambda: factories.campaign(starts_on=A_DAY, ends_on=A_DAY),
    lambda: factories.approach(amount=D(5), currency_id="USD"),
    lambda: factories.approach(answer="declined", answered_on=A_DAY),
    lambda: factories.parked_receipt(state="matched", settled_on=A_DAY, posting=a_posting()),
    lambda: factories.parked_receipt(state="returned", settled_on=A_DAY),
    lambda: factories.erp_reference(posting=a_posting()),
    lambda: factories.erp_reference(posting=a_posting(), receipt_line=3),
    factories.erp_line,
    lambda: factories.erp_line(posting=a_posting(), receipt_line=3),
    lambda: factories.pooled_share(share_rate=D(1)),
    a_clearance,
    lambda: factories.clearance(state="refused", decided_at=timezone.now(), decided_by=a_user()),
    lambda: import_factories.import_(digest="0" * 64, checked_at=timezone.now()),
    import_factories.rate_correction,
    lambda: import_factories.rate_correction(
        state="refused", decided_by=a_user(), decided_at=timezone.now()
    ),
    lambda: import_factories.rate_load(has_succeeded=False, added=0),
    lambda: factories.exchange_rate(revision=2),
]
