"""Two files of the second officer: one has rows to correct, one waits for the reviewer."""

from django.core.files.base import ContentFile

from income.demonstration.desk import MARK, Desk
from income.imports.columns.plan import Plan
from income.imports.course.checking import check
from income.imports.services import change_plan, read_in, submit
from income.models import Import
from income.vocabulary import Kind

HEADINGS = "Donor;Fund;Received on;Amount;Currency;Purpose;Reference"
# A name nobody has, one that is misspelt, a day that is none, an amount with the other sign.
TO_CORRECT = (
    "demonstration-regional-office-2022-12.csv",
    "Spain;FNE;05.12.2022;19.234,56;USD;Regional office (demonstration);{mark}0071",
    "Friends of Quiet Harbours;FNE;06.12.2022;1.500,00;USD;Gift (demonstration);{mark}0072",
    "Norwayy;FNE;07.12.2022;8.250,00;USD;Regional office (demonstration);{mark}0073",
    "Kenya;FNE;31.11.2022;4.000,00;USD;Regional office (demonstration);{mark}0074",
    "Ghana;FNE;09.12.2022;2,500.75;USD;Regional office (demonstration);{mark}0075",
)
TO_REVIEW = (
    "demonstration-core-gifts-2022-12.csv",
    "Botswana;FNE;12.12.2022;5.000,00;USD;Core 2022 (demonstration);{mark}0076",
    "Chile;FNE;13.12.2022;7.500,00;USD;Core 2022 (demonstration);{mark}0077",
)


def lay_imports(desk: Desk) -> int:
    """Neither is posted: no figure of the demonstration moves."""
    _checked(desk, *TO_CORRECT)
    waiting = _checked(desk, *TO_REVIEW)
    submit(waiting, version=waiting.version, by=desk.second)
    return 2


def _checked(desk: Desk, name: str, *rows: str) -> Import:
    text = "\n".join((HEADINGS, *rows)).format(mark=MARK)
    import_ = read_in(ContentFile(text.encode()), ledger=desk.ledger, by=desk.second, name=name)
    plan = Plan.of_json(import_.plan).with_(
        kind=Kind.RECEIPT.value, decimal_sign=",", date_order="dmy"
    )
    import_ = change_plan(import_, plan, version=import_.version, by=desk.second)
    check(import_, today=desk.today)
    return import_
