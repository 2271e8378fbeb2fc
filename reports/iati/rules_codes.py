"""Which attributes hold codes, and of which codelist."""

from reports.iati.codes import CATEGORY, MODALITY, OECD_DAC, OWN_VOCABULARY, codelists
from reports.iati.elements import Element
from reports.iati.found import Found

# (element, attribute) -> codelist. Elements are found at any depth.
CODED = {
    ("transaction-type", "code"): "TransactionType",
    ("participating-org", "role"): "OrganisationRole",
    ("participating-org", "type"): "OrganisationType",
    ("participating-org", "crs-channel-code"): "CRSChannelCode",
    ("reporting-org", "type"): "OrganisationType",
    ("provider-org", "type"): "OrganisationType",
    ("receiver-org", "type"): "OrganisationType",
    ("other-identifier", "type"): "OtherIdentifierType",
    ("description", "type"): "DescriptionType",
    ("activity-status", "code"): "ActivityStatus",
    ("activity-date", "type"): "ActivityDateType",
    ("recipient-country", "code"): "Country",
    ("budget", "type"): "BudgetType",
    ("budget", "status"): "BudgetStatus",
    ("total-budget", "status"): "BudgetStatus",
    ("default-flow-type", "code"): "FlowType",
    ("flow-type", "code"): "FlowType",
    ("default-finance-type", "code"): "FinanceType",
    ("finance-type", "code"): "FinanceType",
    ("disbursement-channel", "code"): "DisbursementChannel",
    ("value", "currency"): "Currency",
    ("category", "code"): "DocumentCategory",
    ("sector", "vocabulary"): "SectorVocabulary",
    ("recipient-region", "vocabulary"): "RegionVocabulary",
    ("default-aid-type", "vocabulary"): "AidTypeVocabulary",
    ("aid-type", "vocabulary"): "AidTypeVocabulary",
    ("tag", "vocabulary"): "TagVocabulary",
}
# Elements whose vocabulary says which codelist their code is of; OECD DAC where it says none.
BY_VOCABULARY = {
    "sector": {OECD_DAC: "Sector"},
    "recipient-region": {OECD_DAC: "Region"},
    "default-aid-type": {
        OECD_DAC: "AidType", CATEGORY: "EarmarkingCategory", MODALITY: "EarmarkingModality",
    },
    "aid-type": {
        OECD_DAC: "AidType", CATEGORY: "EarmarkingCategory", MODALITY: "EarmarkingModality",
    },
}  # fmt: skip
CODED_TAGS = {tag for tag, _attribute in CODED} | set(BY_VOCABULARY)


def check_codes(root: Element, where: str, found: Found) -> None:
    """Every code of the element and what is in it."""
    for element in root.iter(*CODED_TAGS):
        for attribute, value in element.attrib.items():
            if codelist := CODED.get((element.tag, attribute)):
                _check(element.tag, value, codelist, where, found)
        if vocabularies := BY_VOCABULARY.get(element.tag):
            _check_vocabulary(element, vocabularies, where, found)


def _check_vocabulary(
    element: Element, vocabularies: dict[str, str], where: str, found: Found
) -> None:
    vocabulary, code = element.get("vocabulary", OECD_DAC), element.get("code", "")
    if codelist := vocabularies.get(vocabulary):
        _check(element.tag, code, codelist, where, found)
    elif vocabulary == OWN_VOCABULARY and element.find("narrative") is None:
        found.add(
            "own vocabulary", where,
            f"{element.tag} “{code}” is the agency's own word and has no narrative that says it.",
        )  # fmt: skip


def _check(tag: str, code: str, codelist: str, where: str, found: Found) -> None:
    if code not in codelists()[codelist]:
        found.add("codelist", where, f"{tag}: “{code}” is no code of {codelist}.")
