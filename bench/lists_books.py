"""Books for the bench of lists: donors with names in six languages, and contributions of theirs.

Made from numbers alone, so that the same size gives the same rows on both databases. How often a
donor, a state or a word comes does not depend on the size.
"""

import datetime
import random
from collections.abc import Iterator
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction

from accounts.models import User
from accounts.permissions import Role
from bench.figures_bulk import without_indexes
from donors.models import ContributorType, Donor, DonorName, DonorNameStart, NameKind
from donors.names import order_keys, searchable
from income.ledger.copying import bulk_insert
from income.models import Contribution, ContributionStart, Fund, Ledger
from income.vocabulary import ContributionState as State
from interface.searching import starts_of

BOOKS = "LISTS"
DONORS = 5_000
FIRST_DAY, DAYS = datetime.date(2014, 1, 1), 3_650
# In English, French, Spanish, Russian, Arabic and Chinese.
KINDS = (
    ("City", "Ville", "Ciudad", "Город", "مدينة", "城市"),
    ("Foundation", "Fondation", "Fundación", "Фонд", "مؤسسة", "基金会"),
    ("Ministry", "Ministère", "Ministerio", "Министерство", "وزارة", "部"),
    ("Agency", "Agence", "Agencia", "Агентство", "الوكالة", "机构"),
    ("Institute", "Institut", "Instituto", "Институт", "المعهد", "研究院"),
)
OF_WHAT = (
    ("Housing", "Logement", "Vivienda", "жилья", "الإسكان", "住房"),
    ("Water", "Eau", "Agua", "воды", "المياه", "水务"),
    ("Health", "Santé", "Salud", "здоровья", "الصحة", "卫生"),
    ("Climate", "Climat", "Clima", "климата", "المناخ", "气候"),
    ("Settlements", "Établissements", "Asentamientos", "поселений", "المستوطنات", "人居"),
)
PLACES = (
    "Zanzibar",
    "Bamako",
    "Lima",
    "Kazan",
    "Aleppo",
    "Wuhan",
    "Québec",
    "Óbidos",
    "Łódź",
    "Köln",
)
SIGNS = "江河湖海山川东西南北中天地日月星云雨风雪花木林石金玉龙凤虎马牛羊鹤松竹梅兰菊荷桃李杏"
LANGUAGES = ("en", "fr", "es", "ru", "ar", "zh-hans")
STATES = ((State.SIGNED, 600), (State.CLOSED, 270), (State.PLEDGED, 100), (State.CANCELLED, 30))
CURRENCIES = ("USD",) * 6 + ("EUR",) * 3 + ("SEK",)
WORDS = ("safe", "urban", "housing", "recovery", "planning", "land", "youth", "transport", "écoles")
COMMON, RARE = "water", "zanzibar"  # one title in ten, and one in a thousand
Row = tuple[Any, ...]


def prepare() -> None:
    """Tables, reference data, a person and the books."""
    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    Ledger.objects.create(code=BOOKS, name="Books of the bench")
    User.objects.create(email="reviewer@example.org", name="Reviewer", role=Role.REVIEWER)
    fill_donors(0, DONORS)


def fill_donors(begin: int, end: int) -> None:
    """Donors with these numbers, with a name in each language, and what they are found by."""
    if not (numbers := range(begin, end)):
        return
    kind = ContributorType.objects.order_by("pk").values_list("pk", flat=True)[0]
    tables = (Donor, DonorName, DonorNameStart)
    first = (Donor.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    at = (DonorName.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    for model in tables:
        with without_indexes(model._meta.db_table), transaction.atomic():
            if model is Donor:
                columns = ["id", "code", "names", "order_keys", "contributor_type"]
                rows = (
                    (key, f"D{n}", names, order_keys(names), kind)
                    for key, n in enumerate(numbers, start=first)
                    for names in [names_of(n)]
                )
            elif model is DonorName:
                columns = ["id", "donor", "language", "kind", "name", "normalized"]
                rows = _names(numbers, first, at)
            else:
                columns = ["name", "donor", "text"]
                rows = (
                    (key, donor, text)
                    for key, donor, *_more, form in _names(numbers, first, at)
                    for text in starts_of(form)
                )
            bulk_insert(model, columns, rows)
    follow_keys(*tables)


def names_of(number: int) -> dict[str, str]:
    """A donor's names by language."""
    kind, what = KINDS[number % 5], OF_WHAT[number // 5 % 5]
    place, left = PLACES[number // 25 % 10], number // 250
    sign = "".join(SIGNS[(number * step) % len(SIGNS)] for step in (1, 7, 13))
    ends = (*(f"{place} {left}",) * 5, f"{sign}{left}")
    return {
        code: f"{kind[n]} {what[n]} {ends[n]}" if n < 5 else f"{sign}{what[n]}{kind[n]}{left}"
        for n, code in enumerate(LANGUAGES)
    }


def _names(numbers: range, first: int, at: int) -> Iterator[Row]:
    for step, number in enumerate(numbers):
        for place, (code, name) in enumerate(names_of(number).items()):
            key = at + step * len(LANGUAGES) + place
            yield key, first + step, code, NameKind.OFFICIAL, name, searchable(name)


def fill_contributions(count: int) -> None:
    """Contributions of these donors, and what they are found by."""
    ledger = Ledger.objects.get(code=BOOKS).pk
    donors = list(Donor.objects.filter(code__startswith="D", source="").order_by("pk"))
    keys = [one.pk for one in donors if one.code[1:].isdecimal()]
    funds = list(Fund.objects.exclude(code__in=("RB", "PS", "CORE")).values_list("pk", flat=True))
    columns = [
        "id", "ledger", "donor", "fund", "title", "state", "currency", "amount", "pledged_on",
        "signed_on", "ends_on", "reference",
    ]  # fmt: skip
    for model in (Contribution, ContributionStart):
        with without_indexes(model._meta.db_table), transaction.atomic():
            if model is Contribution:
                bulk_insert(model, columns, _contributions(count, ledger, keys, sorted(funds)))
            else:
                rows = (
                    (number + 1, text) for number in range(count)
                    for text in dict.fromkeys(
                        one for form in (title_of(number), reference_of(number))
                        for one in starts_of(searchable(form))
                    )
                )  # fmt: skip
                bulk_insert(model, ["contribution", "text"], rows)
    follow_keys(Contribution, ContributionStart)


def _contributions(count: int, ledger: int, donors: list[int], funds: list[str]) -> Iterator[Row]:
    dice = random.Random(count)  # noqa: S311
    states = [state.value for state, share in STATES for _one in range(share)]
    for number in range(count):
        donor = donors[int(len(donors) * dice.random() ** 3)]
        fund = funds[int(len(funds) * dice.random() ** 2)]
        state, day = dice.choice(states), FIRST_DAY + datetime.timedelta(dice.randrange(DAYS))
        signed = None if state == State.PLEDGED else day
        ends = day + datetime.timedelta(dice.randrange(30, 1_500)) if dice.random() < 0.9 else None
        yield (
            number + 1, ledger, donor, fund, title_of(number), state, dice.choice(CURRENCIES),
            dice.randrange(1_000, 10_000_000), day, signed, ends, reference_of(number),
        )  # fmt: skip


def title_of(number: int) -> str:
    """A purpose: the same number, the same words."""
    dice = random.Random(number)  # noqa: S311
    words = [dice.choice(WORDS), dice.choice(WORDS)]
    if number % 10 == 3:
        words.append(COMMON)
    if number % 1_000 == 7:
        words.append(RARE)
    return f"{' '.join(words)}, phase {number % 4 + 1}"


def reference_of(number: int) -> str:
    return f"AGR/{number:07}"


def follow_keys(*models: Any) -> None:
    """The next row gets the next key."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for model in models:
            table = model._meta.db_table
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), MAX(id)) FROM {table}"  # noqa: S608
            )
