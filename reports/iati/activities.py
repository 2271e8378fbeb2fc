"""The head of an activity: everything that stands before its transactions."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from income.models import Contribution, Programme
from income.vocabulary import ContributionState, Mode
from reports.iati import identifiers, words
from reports.iati.codes import (
    CATEGORY,
    CHANNEL,
    GRANT,
    MODALITY,
    OECD_DAC,
    OWN_VOCABULARY,
    URBAN_DEVELOPMENT,
    codelists,
    mapping,
    own_words,
)
from reports.iati.elements import Element, amount_text, child, made, narrated, told, valued
from reports.iati.facts import Facts
from reports.iati.organisations import HABITAT, UNNAMED
from reports.iati.places import shares, write_places
from reports.iati.words import Texts
from reports.open.state import Published

PIPELINE, IMPLEMENTATION, FINALISATION, CLOSED, CANCELLED = "12345"
PLANNED_START, ACTUAL_START, PLANNED_END, ACTUAL_END = "1234"
FUNDING, ACCOUNTABLE, EXTENDING, IMPLEMENTING = "1234"
COMMITTED = "2"
ORIGINAL, REVISED = "12"
Days = list[tuple[str, datetime.date]]


@dataclass(frozen=True)
class Head:
    """One activity's head, written element by element in the order of the schema."""

    published: Published
    facts: Facts

    @property
    def identifier(self) -> str:
        contribution, fund = self.facts.contribution, self.facts.fund.code
        if contribution is None:
            return identifiers.of_fund(self.published.ledger, fund)
        return identifiers.of_contribution(contribution, fund)

    @property
    def is_unnamed(self) -> bool:
        """Whether the donor's wish forbids to tell what would give it away."""
        return self.facts.contribution is not None and self.facts.funding == [UNNAMED]

    def elements(self) -> list[Element]:
        """Everything up to the first transaction."""
        root = made("iati-activity")
        child(root, "iati-identifier", self.identifier)
        told(root, "reporting-org", self._marked(HABITAT.names), ref=HABITAT.ref, type=HABITAT.type)
        told(root, "title", self._marked(self._title()))
        self._write_descriptions(root)
        self._write_organisations(root)
        if self.facts.contribution:
            child(root, "other-identifier", ref=self.facts.contribution.number, type="A1")
        status, days = self._course()
        child(root, "activity-status", code=status)
        for kind, day in days:
            child(root, "activity-date", iso_date=day.isoformat(), type=kind)
        contact = child(root, "contact-info")
        told(contact, "organisation", HABITAT.names)
        child(contact, "website", words.WEBSITE)
        write_places(root, self.facts.parts)
        self._write_sectors(root)
        self._write_tags(root)
        self._write_defaults(root)
        self._write_budgets(root)
        return list(root)

    def last_elements(self) -> list[Element]:
        """What stands after the last transaction."""
        added = made("crs-add")
        child(added, "channel-code", CHANNEL)
        return [added]

    def _marked(self, texts: Texts) -> Texts:
        return words.marked(texts, is_demonstration=self.published.ledger.is_demonstration)

    def _title(self) -> Texts:
        """The contribution's purpose, which may name its donor: then the fund stands there."""
        fund = words.names_in(self.facts.fund.names)
        if self.facts.contribution is None:
            return words.filled(words.WITHOUT_CONTRIBUTION, fund)
        if self.is_unnamed:
            return words.filled(words.GENERAL, fund)
        return {"en": self.facts.contribution.title}

    def _write_descriptions(self, root: Element) -> None:
        fund = words.names_in(self.facts.fund.names)
        about = (
            self._title()
            if self.facts.contribution is None or self.is_unnamed
            else words.filled(words.ABOUT, self._title(), fund)
        )
        told(root, "description", self._marked(about), type="1")
        told(root, "description", self._marked(words.SUPPLEMENT), type="4")

    def _write_organisations(self, root: Element) -> None:
        for donor in {one.key: one for one in self.facts.funding}.values():
            donor.write(root, "participating-org", role=FUNDING)
        HABITAT.write(root, "participating-org", role=ACCOUNTABLE, crs_channel_code=CHANNEL)
        if self.facts.channel:
            self.facts.channel.write(root, "participating-org", role=EXTENDING)
        HABITAT.write(root, "participating-org", role=IMPLEMENTING, crs_channel_code=CHANNEL)

    def _course(self) -> tuple[str, Days]:
        """The status and the days in order, as far as they lie in published months."""
        as_at, contribution = self.published.as_at.last_day, self.facts.contribution
        assert self.facts.first  # noqa: S101  an activity has public entries
        if contribution is None:
            return IMPLEMENTATION, [(ACTUAL_START, self.facts.first)]
        ended = contribution.ended_on
        ended = ended if ended and ended <= as_at else None
        start = contribution.starts_on or self.facts.first
        start = min(start, *(day for day in (contribution.ends_on, ended) if day), start)
        status = self._status(contribution, start, ended)
        days: Days = [(PLANNED_START, start)]
        if status != PIPELINE:
            days.append((ACTUAL_START, start))
        if contribution.ends_on:
            days.append((PLANNED_END, contribution.ends_on))
        if status in (CLOSED, CANCELLED) and ended:
            days.append((ACTUAL_END, ended))
        return status, days

    def _status(
        self, contribution: Contribution, start: datetime.date, ended: datetime.date | None
    ) -> str:
        as_at = self.published.as_at.last_day
        if ended:
            is_cancelled = contribution.state == ContributionState.CANCELLED
            return CANCELLED if is_cancelled else CLOSED
        if start > as_at or self.facts.agreed is None:
            return PIPELINE
        is_over = contribution.ends_on is not None and contribution.ends_on < as_at
        return FINALISATION if is_over else IMPLEMENTATION

    def _write_sectors(self, root: Element) -> None:
        child(root, "sector", code=URBAN_DEVELOPMENT, vocabulary=OECD_DAC, percentage="100")
        weights = self._domains()
        if not weights or any(programme is None for programme, _amount in weights):
            return
        summed: dict[tuple[str, str], Decimal] = {}
        names: dict[str, Texts] = {}
        for programme, amount in weights:
            assert programme and programme.domain  # noqa: S101  asked for above
            key = ("domain", programme.domain.code)
            summed[key] = summed.get(key, Decimal(0)) + amount
            names[programme.domain.code] = programme.domain.names
        for (_kind, code), per_cent in shares(dict(sorted(summed.items()))).items():
            sector = child(
                root, "sector", code=code, vocabulary=OWN_VOCABULARY, vocabulary_uri=own_words(),
                percentage=amount_text(per_cent),
            )  # fmt: skip
            narrated(sector, words.names_in(names[code]))

    def _domains(self) -> list[tuple[Programme | None, Decimal]]:
        """Amounts by programme; None where the programme has no domain of change."""
        contribution = self.facts.contribution
        if contribution is None:
            return []
        allocations = list(contribution.allocations.all())
        pairs = [(one.programme or contribution.programme, one.amount) for one in allocations]
        pairs = pairs or [(contribution.programme, contribution.amount)]
        return [(one if one and one.domain else None, amount) for one, amount in pairs]

    def _write_tags(self, root: Element) -> None:
        """The fund, and the programme where all of it is for one."""
        named = [(self.facts.fund.code, self.facts.fund.names)]
        programme = self.facts.contribution.programme if self.facts.contribution else None
        if programme:
            named.append((programme.code, programme.names))
        for code, names in named:
            tag = child(
                root, "tag", code=code, vocabulary=OWN_VOCABULARY, vocabulary_uri=own_words()
            )
            narrated(tag, words.names_in(names))

    def _write_defaults(self, root: Element) -> None:
        contribution, funding = self.facts.contribution, self.facts.funding
        flows = {one.flow_type for one in funding}
        if len(flows) == 1 and (flow := flows.pop()):
            is_domestic = contribution is not None and contribution.is_domestic
            child(root, "default-flow-type", code="50" if is_domestic else flow)
        child(root, "default-finance-type", code=GRANT)
        for vocabulary, code in self._aid_types():
            child(root, "default-aid-type", code=code, vocabulary=vocabulary)

    def _aid_types(self) -> Iterator[tuple[str, str]]:
        """In the words of the OECD DAC; then how firmly it is earmarked, and in which way."""
        contribution, fund = self.facts.contribution, self.facts.fund
        instrument = (contribution.instrument_id if contribution else None) or ""
        code = mapping("aid_type").get(instrument) or mapping("aid_type").get(fund.code)
        if code:
            yield OECD_DAC, code
        by_instrument = mapping("modality").get(instrument, "")
        category = codelists()["EarmarkingModality"].get(by_instrument, "")
        if contribution and contribution.earmarking:
            category = str(contribution.earmarking.iati_code)
        category = category or ("1" if fund.is_core else "")
        if category:
            yield CATEGORY, category
            yield MODALITY, self._modality(category, by_instrument)

    def _modality(self, category: str, by_instrument: str) -> str:
        """The instrument's, where it says no other category than the contribution does."""
        contribution = self.facts.contribution
        if category == "4" and contribution and contribution.mode != Mode.CASH:
            return "K"
        if codelists()["EarmarkingModality"].get(by_instrument) == category:
            return by_instrument
        return mapping("category_modality")[category]

    def _write_budgets(self, root: Element) -> None:
        for one in self.facts.budgets:
            kind = REVISED if one.is_revised else ORIGINAL
            budget = child(root, "budget", type=kind, status=COMMITTED)
            child(budget, "period-start", iso_date=f"{one.year}-01-01")
            child(budget, "period-end", iso_date=f"{one.year}-12-31")
            assert self.facts.agreed  # noqa: S101  only agreements have budgets
            valued(budget, one.amount, one.currency, self.facts.agreed)
