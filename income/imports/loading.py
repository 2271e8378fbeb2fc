"""A file from reading to posting without a page: what the command line does."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from donors.names import searchable
from income.imports.choices import LEAVE_OUT, POST, Choices
from income.imports.columns.layouts import LayoutWrong
from income.imports.columns.plan import Plan
from income.imports.columns.proposing import plan_with, propose
from income.imports.course.checking import check
from income.imports.course.passes import Progress
from income.imports.course.posting import post_import, postings_of
from income.imports.course.report import Report
from income.imports.naming.new_books import new_books_choice
from income.imports.naming.new_donors import CREATE, choose_for_all, codes_taken, new_donor_choice
from income.imports.reading import MOST_BYTES_COMMAND
from income.imports.services import change_choices, change_plan, read_in, remove, submit
from income.imports.sheets import source_of
from income.imports.telling import letter_of, total_lines
from income.models import Draft, Import, ImportLayout, Ledger, Posting
from income.services.actors import Actors
from income.services.drafts import approve_draft

NEW = "new"
MOST_ROUNDS = 5  # of names that look like one another: each round adds those it can tell apart


@dataclass(frozen=True)
class Asked:
    """What is to be done with a file. `by` and `approved_by` are needed for posting."""

    file: Path
    books: Ledger
    mapping: str = ""
    by: User | None = None
    approved_by: User | None = None
    is_dry: bool = False
    posts: bool = False
    is_partial: bool = False
    adds_donors: bool = False
    opens_books: bool = False
    posts_similar: bool = False
    takes_proposal: bool = False  # reads columns as proposed although something is doubtful
    because: str = ""
    kind: str = ""
    decimal_sign: str = ""
    date_order: str = ""
    constants: Mapping[str, str] = field(default_factory=dict)
    donors: Mapping[str, str] = field(default_factory=dict)  # name → code, NEW or LEAVE_OUT


@dataclass(frozen=True)
class Load:
    """What came of it. `status` is checked, submitted or posted."""

    status: str
    file: str
    report: Report
    import_uuid: str = ""  # empty where nothing is kept
    draft_uuid: str = ""
    postings: tuple[Posting, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain values; amounts are texts, in the currency or US dollars as their names say."""
        return {
            "status": self.status, "file": self.file, "import": self.import_uuid,
            "draft": self.draft_uuid, **self.report.as_json(),
            "postings": [
                {
                    "books": one.ledger.code, "sequence": one.sequence, "hash": one.hash,
                    "month": one.booked_month, "entries": one.entry_count,
                }
                for one in self.postings
            ] or self.report.postings,
        }  # fmt: skip


def load(asked: Asked, *, today: datetime.date, progress: Progress | None = None) -> Load:
    """Bring a file in and check it; submit it, or post it as a whole, as it was asked.

    A file with wrong rows is posted only where it `is_partial`; what is not kept is gone when this
    returns. Raises FileRefused, LayoutWrong, and what posting raises; then nothing stands.
    """
    import_ = read_in(
        asked.file, ledger=asked.books, by=None if asked.is_dry else asked.by,
        name=asked.file.name, most_bytes=MOST_BYTES_COMMAND,
    )  # fmt: skip
    is_kept = False
    try:
        _read_as_asked(import_, asked)
        found = _checked(import_, asked, today, progress)
        outcome = _outcome(import_, asked, found, today, progress)
        is_kept = not asked.is_dry and outcome.status != "checked"
        return outcome
    finally:
        if not is_kept:
            with transaction.atomic():
                remove(import_)


def _read_as_asked(import_: Import, asked: Asked) -> None:
    plan = Plan.of_json(import_.plan)
    layout = None
    if not (asked.mapping or asked.is_dry or asked.takes_proposal):
        _refuse_doubts(import_, plan, asked)
    if asked.mapping:
        layout = _layout(asked.mapping)
        plan = plan_with(layout, source_of(import_, plan)).plan
    said = {
        name: value
        for name, value in (
            ("kind", asked.kind), ("decimal_sign", asked.decimal_sign),
            ("date_order", asked.date_order),
        )
        if value
    }  # fmt: skip
    plan = plan.with_(**said, constants={**plan.constants, **asked.constants})
    change_plan(import_, plan, version=import_.version, by=None, layout=layout)
    choices = Choices(similar=POST if asked.posts_similar else LEAVE_OUT, because=asked.because)
    import_.refresh_from_db()
    change_choices(import_, choices, version=import_.version, by=None)
    import_.refresh_from_db()


def refuse_doubts(
    import_: Import, *, layout: ImportLayout | None, takes_proposal: bool, by: User
) -> None:
    """For a program that brings a file in: read it with the layout, where it names one.

    Raises LayoutWrong where the reading is not certain and nothing was said about it.
    """
    plan = Plan.of_json(import_.plan)
    if layout is not None:
        plan = plan_with(layout, source_of(import_, plan)).plan
        change_plan(import_, plan, version=import_.version, by=by, layout=layout)
        import_.refresh_from_db()
        return
    proposal = propose(source_of(import_, plan))
    if proposal.doubts and proposal.layout is None and not takes_proposal:
        told = " ".join(one.sentence for one in proposal.doubts)
        raise LayoutWrong(
            _("How to read the file is not certain: %(doubts)s Name a layout, or send "
              "as_proposed to take the columns as they are proposed.") % {"doubts": told}
        )  # fmt: skip


def _refuse_doubts(import_: Import, plan: Plan, asked: Asked) -> None:
    """Nobody looks at columns here: what the page would ask, the command has to be told."""
    proposal = propose(source_of(import_, plan))
    settled = {"kind": asked.kind, "decimal_sign": asked.decimal_sign,
               "date_order": asked.date_order, **asked.constants}  # fmt: skip
    open_ = [one.sentence for one in proposal.doubts if not settled.get(one.field)]
    if proposal.layout is None and open_:
        raise LayoutWrong(
            _(
                "How to read the file is not certain: %(doubts)s Name a layout (--mapping), say "
                "what is asked, or take the columns as they are proposed (--as-proposed)."
            )
            % {"doubts": " ".join(open_)}
        )


def _layout(name: str) -> ImportLayout:
    found = ImportLayout.objects.filter(name__iexact=name).first()
    if found is None:
        known = "; ".join(ImportLayout.objects.values_list("name", flat=True))
        raise LayoutWrong(
            _("There is no layout “%(name)s”. There are: %(known)s.")
            % {"name": name, "known": known}
        )
    return found


def _checked(
    import_: Import, asked: Asked, today: datetime.date, progress: Progress | None
) -> Report:
    """The check; again where names that nobody knows are to be added, as long as it helps."""
    found = check(import_, today=today, report=progress)
    for _round in range(MOST_ROUNDS):
        choices = Choices.of_json(import_.choices)
        donors = _named(found, asked, choices)
        if asked.adds_donors:
            unnamed = [one for one in found.unknown_donors if one.key not in donors]
            donors |= choose_for_all(unnamed, how=CREATE, choices=choices)
        books = _new_books(found, choices) if asked.opens_books else {}
        if not (donors or books):
            break
        chosen = Choices(
            donors={**choices.donors, **donors}, books={**choices.books, **books},
            similar=choices.similar, because=choices.because,
        )  # fmt: skip
        change_choices(import_, chosen, version=import_.version, by=None)
        import_.refresh_from_db()
        found = check(import_, today=today, report=progress)
    return found


def _named(found: Report, asked: Asked, choices: Choices) -> dict[str, dict[str, Any]]:
    """What was said about names that nobody knows, as choices."""
    said = {searchable(name): code for name, code in asked.donors.items()}
    chosen: dict[str, dict[str, Any]] = {}
    taken = codes_taken(choices)
    for one in found.unknown_donors:
        if one.key in choices.donors or one.key not in said:
            continue
        if said[one.key] == NEW:
            chosen[one.key] = new_donor_choice(
                one.text, contributor_type=one.contributor_type, iso3=one.iso3, taken=taken
            )
        else:
            is_out = said[one.key] == LEAVE_OUT
            is_donor = {"donor": said[one.key], "text": one.text}
            chosen[one.key] = {LEAVE_OUT: True} if is_out else is_donor
    return chosen


def _new_books(found: Report, choices: Choices) -> dict[str, dict[str, Any]]:
    taken = {code.upper() for code in Ledger.objects.values_list("code", flat=True)}
    taken |= {one["new"]["code"].upper() for one in choices.books.values() if "new" in one}
    return {
        one.key: new_books_choice(one.text, taken=taken)
        for one in found.unknown_books
        if one.key not in choices.books
    }


def _outcome(
    import_: Import, asked: Asked, found: Report, today: datetime.date, progress: Progress | None
) -> Load:
    is_wrong = found.failing and not asked.is_partial
    if asked.is_dry or asked.by is None or is_wrong or not found.may_be_submitted:
        return Load("checked", import_.file_name, found)
    import_.refresh_from_db()
    with transaction.atomic():
        draft = submit(import_, version=import_.version, by=asked.by)
        posted = _posted(draft, import_, asked, today, progress) if asked.posts else ()
    return Load(
        "posted" if posted else "submitted", import_.file_name, found, str(import_.uuid),
        str(draft.uuid), posted,
    )  # fmt: skip


def _posted(
    draft: Draft, import_: Import, asked: Asked, today: datetime.date, progress: Progress | None
) -> tuple[Posting, ...]:
    def post_it(locked: Draft, actors: Actors) -> Posting:
        return post_import(locked, actors, today=today, report=progress)[0]

    assert asked.approved_by is not None  # noqa: S101  the command asked for it
    approve_draft(
        draft, version=draft.version, by=asked.approved_by, at=timezone.now(), post_it=post_it
    )
    return tuple(postings_of(import_))


def told(found: Load) -> str:
    """The outcome in lines for people."""
    report = found.report
    lines = [
        f"{found.file}: {report.rows:,} rows; {report.accepted:,} to post, {report.in_books:,} in "
        f"the books, {report.similar:,} similar, {report.zero:,} zero, {report.left_out:,} left "
        f"out, {report.failing:,} wrong."
    ]
    for line in total_lines(report.totals):
        amount, usd = _money(line.amount), _money(line.amount_usd)
        one = line.total
        lines.append(f"  {one.books} {line.kind} {one.fund} {one.currency} {amount} (US$ {usd})")
    for problem in report.problems:
        place = (problem["sheet"], problem["row"], letter_of(problem["column"]))
        where = ", ".join(str(one) for one in place if one)
        lines.append(f"  {problem['grade']} {where} {problem['value']!r}: {problem['sentence']}")
    numbers = ", ".join(f"{one.ledger.code} {one.sequence}" for one in found.postings)
    lines.append({
        "posted": f"Posted: {numbers}.",
        "submitted": "Submitted. Another person now reviews it.",
    }.get(found.status, "Nothing was posted."))  # fmt: skip
    return "\n".join(lines)


def _money(amount: Decimal) -> str:
    return f"{amount.normalize():,f}"
