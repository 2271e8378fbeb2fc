"""The sentences of the files. They have no one reader: English and French stand together."""

from collections.abc import Mapping
from functools import cache

from django.utils import translation

from income.vocabulary import Mode, Reason

Texts = Mapping[str, str]  # by language code
LANGUAGES = ("en", "fr")

AGENCY_NAMES: Texts = {
    "en": "United Nations Human Settlements Programme (UN-Habitat)",
    "fr": "Programme des Nations Unies pour les établissements humains (ONU-Habitat)",
    "es": "Programa de las Naciones Unidas para los Asentamientos Humanos (ONU-Hábitat)",
    "ru": "Программа Организации Объединенных Наций по населенным пунктам (ООН-Хабитат)",
    "ar": "برنامج الأمم المتحدة للمستوطنات البشرية (موئل الأمم المتحدة)",
    "zh": "联合国人类住区规划署（人居署）",
}
WEBSITE = "https://unhabitat.org"
MARK: Texts = {
    "en": "DEMONSTRATION – not UN-Habitat’s account",
    "fr": "DÉMONSTRATION – ne fait pas partie des comptes d’ONU-Habitat",
    "es": "DEMOSTRACIÓN – no forma parte de las cuentas de ONU-Hábitat",
    "ru": "ДЕМОНСТРАЦИЯ – не является отчетностью ООН-Хабитат",
    "ar": "عرض توضيحي – ليس من حسابات موئل الأمم المتحدة",
    "zh": "演示 – 非人居署账目",
}
UNNAMED: Texts = {
    "en": "Donor that wishes to remain unnamed",
    "fr": "Donateur souhaitant garder l’anonymat",
}
NOT_ATTRIBUTED: Texts = {
    "en": "Not attributed to a donor by the source",
    "fr": "Non attribué à un donateur par la source",
}
NOT_ALLOCATED: Texts = {"en": "Not allocated to a region", "fr": "Non affecté à une région"}
SUPPLEMENT: Texts = {
    "en": "This file supplements UN-Habitat’s own IATI file. It reports what was pledged, agreed "
    "and received, not what was spent; figures of the two files are not to be added.",
    "fr": "Ce fichier complète le fichier IITA propre à ONU-Habitat. Il rend compte des sommes "
    "annoncées, convenues et reçues, et non des dépenses ; les chiffres des deux fichiers ne "
    "s’additionnent pas.",
}
ABOUT: Texts = {
    "en": "Contribution to UN-Habitat for: %s. Fund: %s.",
    "fr": "Contribution à ONU-Habitat, objet : %s. Fonds : %s.",
}
WITHOUT_CONTRIBUTION: Texts = {
    "en": "Contributions without an agreement of their own: %s",
    "fr": "Contributions sans accord particulier : %s",
}
GENERAL: Texts = {"en": "Contribution: %s", "fr": "Contribution : %s"}
REGULAR_BUDGET: Texts = {
    "en": "Regular budget allotment. Voluntary contributions are not budgeted here.",
    "fr": "Allocation du budget ordinaire. Les contributions volontaires n’y figurent pas.",
}
PUBLIC_PAGES: Texts = {
    "en": "Income of UN-Habitat: public pages",
    "fr": "Recettes d’ONU-Habitat : pages publiques",
}


def marked(texts: Texts, *, is_demonstration: bool) -> Texts:
    """The texts as they are, or behind the mark of a demonstration."""
    if not is_demonstration:
        return texts
    return {code: f"{MARK.get(code, MARK['en'])} · {text}" for code, text in texts.items()}


def filled(pattern: Texts, *values: Texts) -> Texts:
    """Each language's pattern with the values in it; a value without it stands in English."""
    return {
        code: text % tuple(value.get(code) or value["en"] for value in values)
        for code, text in pattern.items()
    }


def names_in(names: Texts) -> Texts:
    """English and French of a row's names; English is always there."""
    return {code: names[code] for code in LANGUAGES if names.get(code)}


@cache
def remark(reason: str, mode: str) -> Texts:
    """What is said of an entry that is not ordinary money; empty for one that is."""
    labels = [
        *([Reason(reason).label] if reason != Reason.ORDINARY else []),
        *([Mode(mode).label] if mode != Mode.CASH else []),
    ]
    said = {}
    for code in LANGUAGES:
        with translation.override(code):
            said[code] = "; ".join(str(label) for label in labels)
    return said if labels else {}
