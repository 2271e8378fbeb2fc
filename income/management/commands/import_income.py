"""A file into the books from the command line: the same importer, without its limit of rows."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from income.imports.columns.fields import FIELDS
from income.imports.loading import Asked, Load, load, told
from income.models import Ledger
from income.selectors import working_books
from interface.errors import PortalError

ROWS_ARE_WRONG, FILE_IS_WRONG = 1, 2
HELP = (
    "Check a file and submit it for review; with --post, post it. Ends with 0 when every row is "
    "right, 1 when rows are wrong, 2 when the file cannot be read or the question is wrong."
)


class QuestionWrong(PortalError):
    """What was asked on the command line cannot be done."""


class Command(BaseCommand):
    help = HELP

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help=".xlsx, .xls, .ods or .csv")
        parser.add_argument("--mapping", default="", help="the name of a layout; else recognised")
        way = parser.add_mutually_exclusive_group()
        way.add_argument("--dry-run", action="store_true", help="check only, keep nothing")
        way.add_argument("--post", action="store_true", help="post it, in the name of two people")
        parser.add_argument("--by", default="", metavar="EMAIL", help="who brings the file in")
        parser.add_argument("--approved-by", default="", metavar="EMAIL", help="who approves it")
        parser.add_argument("--books", default="", help="code of the books; else the working ones")
        parser.add_argument("--decimal-sign", default="", choices=["", ".", ","])
        parser.add_argument("--date-order", default="", choices=["", "ymd", "dmy", "mdy"])
        parser.add_argument("--kind", default="", help="what the rows are, where no column says it")
        parser.add_argument(
            "--set", action="append", default=[], metavar="FIELD=TEXT", dest="constants",
            help="what holds for every row, such as fund=FE",
        )  # fmt: skip
        parser.add_argument("--new-donors", action="store_true", help="add donors nobody knows")
        parser.add_argument(
            "--donor", action="append", default=[], metavar="NAME=CODE", dest="donors",
            help="who a name is: a donor's code, or new, or leave_out",
        )  # fmt: skip
        parser.add_argument("--new-books", action="store_true", help="open books for new entities")
        parser.add_argument("--post-similar", action="store_true", help="post look-alikes as well")
        parser.add_argument(
            "--as-proposed", action="store_true", help="read doubtful columns as they are proposed"
        )
        parser.add_argument("--partial", action="store_true", help="leave out rows that are wrong")
        parser.add_argument("--late-because", default="", help="why rows come after their close")
        parser.add_argument(
            "--report", type=argparse.FileType("w", encoding="utf-8"), metavar="FILE",
            help="write the outcome as JSON; - for the output",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = load(self._asked(options), today=timezone.localdate(), progress=self._progress)
        except PortalError as error:
            self._report(options, {"status": "refused", "sentence": error.sentence})
            raise CommandError(error.sentence, returncode=FILE_IS_WRONG) from error
        self._report(options, found.as_json())
        if options["report"] is not sys.stdout:
            self.stdout.write(told(found))
        self._end(found)

    def _asked(self, options: dict[str, Any]) -> Asked:
        if options["post"] and not (options["by"] and options["approved_by"]):
            raise QuestionWrong(
                "Posting needs two people: --by who brings the file in, --approved-by who approves "
                "it."
            )
        if not (options["by"] or options["dry_run"]):
            raise QuestionWrong("Say who brings the file in: --by.")
        if not options["file"].is_file():
            raise QuestionWrong(f"There is no file {options['file']}.")
        return Asked(
            file=options["file"], mapping=options["mapping"], books=_books(options["books"]),
            by=_user(options["by"]), approved_by=_user(options["approved_by"]),
            is_dry=options["dry_run"], posts=options["post"], is_partial=options["partial"],
            adds_donors=options["new_donors"], opens_books=options["new_books"],
            posts_similar=options["post_similar"],
            takes_proposal=options["as_proposed"], because=options["late_because"],
            kind=options["kind"], decimal_sign=options["decimal_sign"],
            date_order=options["date_order"],
            constants=_constants(options["constants"]),
            donors=_donors(options["donors"]),
        )  # fmt: skip

    def _report(self, options: dict[str, Any], outcome: dict[str, Any]) -> None:
        if file := options["report"]:
            json.dump(outcome, file, ensure_ascii=False, indent=1, sort_keys=True)
            file.write("\n")
            file.flush()

    def _progress(self, done: int, of: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{done:,} of {of:,} rows", ending="")

    def _end(self, found: Load) -> None:
        if found.report.file_problems:
            raise CommandError("The file cannot be posted as it is read.", returncode=FILE_IS_WRONG)
        if found.report.failing and not found.postings:
            raise CommandError("Rows are wrong; nothing was posted.", returncode=ROWS_ARE_WRONG)
        if found.report.failing:
            raise CommandError("Rows were left out.", returncode=ROWS_ARE_WRONG)


def _books(code: str) -> Ledger:
    found = Ledger.objects.filter(code=code).first() if code else working_books()
    if found is None:
        raise QuestionWrong(f"There are no books {code}.".strip())
    return found


def _user(email: str) -> User | None:
    if not email:
        return None
    found = User.objects.filter(email__iexact=email, is_active=True).first()
    if found is None:
        raise QuestionWrong(f"Nobody signs in as {email}.")
    return found


def _constants(given: list[str]) -> dict[str, str]:
    found = {name.strip(): text.strip() for name, sign, text in (t.partition("=") for t in given)
             if sign}  # fmt: skip
    if len(found) < len(given) or not found.keys() <= FIELDS.keys():
        raise QuestionWrong(f"--set takes FIELD=TEXT, once for a field of: {', '.join(FIELDS)}.")
    return found


def _donors(given: list[str]) -> dict[str, str]:
    found = {name.strip(): code.strip() for name, _sign, code in (t.rpartition("=") for t in given)}
    if not all(name and code for name, code in found.items()):
        raise QuestionWrong("--donor takes NAME=CODE.")
    return found
