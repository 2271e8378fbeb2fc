"""Which column may be which field: scored by heading, then by what stands in it."""

import functools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from donors.lookalikes import SMALL_WORDS
from income.imports.columns.contents import CODED, UNKNOWN, Looks, fit
from income.imports.columns.fields import FIELDS, LABEL, SYNONYM, WEAKER, phrases_of_headings
from income.imports.columns.phrases import phrase, words_of
from income.imports.columns.words import Words
from income.imports.values.amounts import CURRENCY_CODES

CURRENCIES = frozenset(code.casefold() for code in CURRENCY_CODES)
CONTAINED, COVERED = 0.5, 0.35  # a synonym inside a longer heading; how much of it, in addition
PART = 0.8  # what is left when only one of two heading rows says it
FROM_CONTENT = 0.5
LEAST = 0.35
MOST_WORDS = 8  # of a heading inside which synonyms are looked for
# Told by what stands in the column alone, with the least share of cells that must be so.
TELLING = {"currency": 0.9, "date": 0.9, "iso3": 0.9, "fund": 0.6, "donor": 0.5, "kind": 0.8,
           "year": 0.9, "instrument": 0.9, "amount": 0.9}  # fmt: skip
NOT_WITHOUT_HEADING = ("amount", "year")  # too many other things are numbers
# Words that say what sort of thing a column holds: a longer heading with one of them is not the
# field whose name it holds ("donor type" is no donor).
CLASSES: dict[str, str] = {
    "type": "type types category categories catégorie tipo categoría тип категория вид نوع فئة "
            "类型 类别 种类",
    "code": "code codes id iso código код رمز 代码 编码",
    "number": "number no nr num nbr numéro número nº номер رقم 编号 号码",
    "date": "date dates day on fecha le дата تاريخ 日期",
    "rate": "rate rates taux tasa курс سعر 率 汇率 percent percentage cent share pct",
    "year": "year years année año год سنة عام 年度 年份",
    "status": "status statut estado статус الحالة 状态",
    "currency": "currency ccy curr devise monnaie moneda divisa валюта عملة 币种 货币",
    "amount": "amount amounts montant importe monto сумма مبلغ 金额 数额",
    "charge": "charge charges fee fees cost costs frais gastos комиссия رسوم 手续费",
    "other": "dest destination recipient implementing beneficiary goal target budget balance "
             "outstanding expenditure expenses spent forecast rank cumulative planned remaining "
             "email mail phone contact address solde saldo gasto dépenses остаток расходы 余额 "
             "支出",
}  # fmt: skip
ALLOWED: dict[str, tuple[str, ...]] = {
    "donor_code": ("code", "number"), "iso3": ("code",), "contributor_type": ("type",),
    "kind": ("type", "status"), "fund": ("type", "code"), "instrument": ("type", "code"),
    "earmarking": ("type",), "date": ("date",), "due_on": ("date",), "ends_on": ("date",),
    "year": ("year",), "year_for": ("year",), "amount": ("amount", "currency"),
    "currency": ("currency", "code"), "amount_usd": ("amount", "currency"),
    "exchange_rate": ("rate", "currency"), "agreement": ("number", "code"),
    "reference": ("number", "code"), "document": ("number", "code"), "row_id": ("number", "code"),
    "support_rate": ("rate", "charge"), "bank_charge": ("amount", "charge"),
}  # fmt: skip
# Too common to be found inside longer headings.
COMMON = frozenset({
    "usd", "total", "value", "original", "name", "text", "but", "from", "via", "through", "until",
    "income", "sum", "state", "stage", "id", "ref", "valor", "suma", "cantidad", "somme", "lieu",
    "nota", "用途", "编号", "名称", "年", "注", "数额", "状态",
})  # fmt: skip


Weights = tuple[tuple[str, float], ...]  # fields with how surely


@dataclass(frozen=True)
class Candidate:
    """A column (counted from 0) that may be the field, with how surely; not above 1.5."""

    score: float
    field: str
    column: int
    by_name: float = 0.0  # what the heading alone says


@functools.cache
def _class_words() -> Mapping[str, str]:
    return {phrase(word): name for name, words in CLASSES.items() for word in words.split()}


def classes_of(found: str) -> set[str]:
    """What sorts of things a phrase says it is about."""
    known = _class_words()
    here = {known[word] for word in words_of(found) if word in known}
    if not found.isascii():
        here |= {name for word, name in known.items() if _is_cjk(word) and word in found}
    return here


def _is_cjk(text: str) -> bool:
    return any("\u4e00" <= char <= "\u9fff" for char in text)


@functools.lru_cache(maxsize=4096)
def by_name(heading: str) -> Mapping[str, float]:
    """Field → how surely the heading (a phrase) says so: exact synonym, then words contained."""
    known = phrases_of_headings()
    if heading in known:
        return _in_its_currency(heading, dict(known[heading]))
    plain = without_currency(heading)
    if plain != heading and {"amount", "amount_usd"} & {code for code, _w in known.get(plain, ())}:
        return _in_its_currency(heading, {"amount": SYNONYM})
    return _in_its_currency(heading, _contained(heading))


def without_currency(heading: str) -> str:
    """“amount in eur” is “amount”."""
    words = heading.split()
    kept = [word for word in words if word not in CURRENCIES]
    return " ".join(kept[:-1] if kept[-1:] in (["in"], ["en"], ["в"]) else kept)


def _in_its_currency(heading: str, found: dict[str, float]) -> dict[str, float]:
    if "usd" in heading.split() and "amount" in found:
        found["amount_usd"] = max(found.pop("amount"), found.get("amount_usd", 0))
    return found


def _contained(heading: str) -> dict[str, float]:
    words = words_of(heading) - SMALL_WORDS
    if len(words) > MOST_WORDS:
        return {}
    classes = classes_of(heading)
    found: dict[str, float] = {}
    for text, codes in _maybe_inside(heading, words):
        if not (covered := _coverage(text, heading, words)):
            continue
        for code, weight in codes:
            beyond = classes - classes_of(text) - set(ALLOWED.get(code, ()))
            if weight >= SYNONYM and not beyond:
                found[code] = max(CONTAINED + COVERED * covered, found.get(code, 0))
    return found


def _maybe_inside(heading: str, words: frozenset[str]) -> Iterator[tuple[str, Weights]]:
    """Synonyms that begin with a word of the heading (a sign of it, in Chinese)."""
    starts = _by_start()
    for start in {*words, *(char for char in heading if _is_cjk(char))}:
        yield from starts.get(start, ())


@functools.cache
def _by_start() -> Mapping[str, Sequence[tuple[str, Weights]]]:
    """Synonyms by any one word of theirs, without those too common to be found inside others."""
    found: dict[str, list[tuple[str, Weights]]] = {}
    for text, codes in phrases_of_headings().items():
        inside = sorted(words_of(text) - SMALL_WORDS)
        if text not in COMMON and inside:
            found.setdefault(text[0] if _is_cjk(text) else inside[0], []).append((text, codes))
    return found


def _coverage(text: str, heading: str, words: frozenset[str]) -> float:
    """How much of the heading the synonym is, from 0 (not in it) to 1."""
    if _is_cjk(text):
        plain = heading.replace(" ", "")
        return len(text) / len(plain) if len(text) > 1 and text in plain else 0.0
    inside = words_of(text) - SMALL_WORDS
    return len(inside) / len(words) if inside and inside <= words else 0.0


def name_scores(parts: Sequence[str]) -> dict[str, float]:
    """Of a heading and of its rows, where there are two; the whole heading stands first."""
    scores = dict(by_name(parts[0])) if parts else {}
    for part in parts[1:]:
        for code, score in by_name(part).items():
            scores[code] = max(PART * score, scores.get(code, 0))
    return _in_its_currency(parts[0], scores) if parts else scores


def candidates(
    headings: Sequence[Sequence[str]], looks: Sequence[Looks], words: Words
) -> list[Candidate]:
    """Every pair of field and column worth considering, best first. `headings` are phrases."""
    found = []
    for column, (parts, seen) in enumerate(zip(headings, looks, strict=True)):
        names = name_scores(parts)
        found += [
            Candidate(score, code, column, name)
            for code, name in names.items()
            if (score := _scored(code, name, seen, words)) >= LEAST
        ]
        if not names and not seen.is_empty:
            found += _by_content(column, seen, words, has_heading=bool(parts and parts[0]))
    order = list(FIELDS)
    return sorted(found, key=lambda one: (-one.score, order.index(one.field), one.column))


def _scored(code: str, name: float, seen: Looks, words: Words) -> float:
    fits = fit(code, seen, words)
    if fits >= 0:
        return name * (1 + 0.1 * fits)
    if name <= WEAKER or (fits == UNKNOWN and name < LABEL and is_left_unread(code)):
        return 0.0
    return name * (0.5 if fits != UNKNOWN else 0.8)


def is_left_unread(code: str) -> bool:
    """Whether a column of which no word is known is better left alone."""
    return code in CODED and code != "fund"


def _by_content(column: int, seen: Looks, words: Words, *, has_heading: bool) -> list[Candidate]:
    found = []
    for code, least in TELLING.items():
        if has_heading and code in NOT_WITHOUT_HEADING:
            continue
        fits = fit(code, seen, words)
        if fits >= least:
            found.append(Candidate(FROM_CONTENT * fits, code, column))
    return found


def best(found: Sequence[Candidate], needed: Collection[str] = ()) -> dict[str, Candidate]:
    """One column per field and one field per column, the surest first."""
    taken: dict[str, Candidate] = {}
    columns: set[int] = set()
    for one in sorted(found, key=lambda one: -(one.score + (0.05 if one.field in needed else 0))):
        if one.field not in taken and one.column not in columns:
            taken[one.field] = one
            columns.add(one.column)
    return taken
