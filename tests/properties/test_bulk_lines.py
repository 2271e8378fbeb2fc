"""Whatever lines come, in whatever order: a file seals and sums as single postings do."""

import datetime
from collections import defaultdict
from dataclasses import fields, replace
from decimal import Decimal
from unittest.mock import patch

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from donors.models import Donor
from income.ledger import bulk, post, rollups, seal
from income.ledger.bulk import BulkWriter
from income.ledger.lines import Line
from income.ledger.reading import lines_of
from income.ledger.rendering import in_units
from income.ledger.verification import problems
from income.models import Entry
from income.periods import YearMonth
from income.rates import RateInForce
from income.vocabulary import Act, RateType
from tests import factories

D = Decimal
MONTHS = (202101, 202102, 202103)
DAYS = st.dates(datetime.date(2020, 12, 1), datetime.date(2021, 3, 31))
CENTS = st.integers(-(10**15), 10**15).filter(bool)


@st.composite
def lines(draw):
    """A line in dollars, in kronor at some rate, or in shillings without one."""
    code, day = draw(st.sampled_from(["USD", "SEK", "KES"])), draw(DAYS)
    made = Line(
        draw(st.sampled_from(["receipt", "pledge", "due"])),
        draw(st.sampled_from(["FNE", "FE"])), day, day.year, code, D(draw(CENTS)).scaleb(-2),
        donor_id=draw(st.sampled_from([0, 1, 2])),
        region_id=draw(st.sampled_from([None, "AFRICA"])),
        bank_charge=draw(st.none() | CENTS.map(lambda cents: D(cents).scaleb(-4))),
    )  # fmt: skip
    if code == "KES":
        return made
    units = D(1) if code == "USD" else D(draw(st.integers(1, 10**14))).scaleb(-10) + 1
    support = draw(st.sampled_from([None, D("0.13"), D("0.08")]))
    return made.convert(RateInForce(code, units, day, RateType.PARITY), support_rate=support)


@given(st.integers(-(10**17), 10**17), st.sampled_from([2, 4]), st.integers(0, 3))
@example(0, 4, 0)
@example(-3, 2, 0)
def test_units_are_those_of_the_field_and_their_text_that_of_the_seal(number, places, more):
    column = {2: "amount_usd", 4: "amount"}[places]
    amount = D(number).scaleb(-places)
    for written in (amount, D(f"{amount:f}" + "0" * more) if "." in f"{amount:f}" else amount):
        assert in_units(written, column, places) == (
            Entry._meta.get_field(column).get_prep_value(written),
            seal._fixed(written, places),
        )


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_what_the_column_cannot_hold_is_refused_and_never_rounded(amount):
    try:
        units, _text = in_units(amount, "amount", 4)
    except ValueError:
        assert abs(amount) >= D(2**63).scaleb(-4) or amount != round(amount, 4)
    else:
        assert D(units).scaleb(-4) == amount


@pytest.mark.both_databases
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(
    st.lists(
        st.tuples(st.sampled_from("AB"), st.sampled_from(MONTHS), lines()), min_size=1, max_size=20
    ),
    st.sampled_from([1, 3, 5_000]),
)
def test_a_file_seals_and_sums_as_single_postings_do(reference, given_lines, at_once):
    donors = [None, *Donor.objects.order_by("code").values_list("pk", flat=True)[:2]]
    one, other = ({code: factories.ledger() for code in "AB"} for _ in range(2))
    groups = defaultdict(list)
    small = patch.object(rollups, "MOST_ALIKE", at_once)
    with transaction.atomic(), patch.object(bulk, "AT_ONCE", at_once), small:
        file = BulkWriter(Act.IMPORT_ROWS, "file", prepared_by=None, approved_by=None)
        for code, month, line in given_lines:
            line = replace(line, donor_id=donors[line.donor_id])
            groups[code, month].append(line)
            file.add(one[code], month, replace(line))
        made = file.finish()
    assert len(made) == len(groups)
    for posting, (code, month) in zip(made, sorted(groups, key=in_order(one)), strict=True):
        entries = [as_entry(line) for line in groups[code, month]]
        single = post(
            other[code], act=Act.IMPORT_ROWS, entries=entries, token=f"file:{month}",
            booked_month=YearMonth.from_key(month), prepared_by=None, approved_by=None,
        )  # fmt: skip
        assert (posting.content_hash, posting.entry_count) == (single.content_hash, len(entries))
        assert told(posting) == told(single)
    for books in (*one.values(), *other.values()):
        assert [*problems(books), *rollups.differences(books)] == []


def in_order(books):
    return lambda place: (books[place[0]].code, place[1])


def as_entry(line):
    names = {field.name for field in fields(Line)} - {"ledger_id", "posting_id"}
    return Entry(**{name: getattr(line, name) for name in names})


def told(posting):
    return [replace(line, ledger_id=0, posting_id=None) for line in lines_of(posting=posting.pk)]
