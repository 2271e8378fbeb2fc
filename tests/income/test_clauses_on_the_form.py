"""What an officer finds on the form of a contribution: evidence, due diligence, the region."""

import datetime
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from donors.models import Area, Donor
from income import services
from income.agreement_sums import bases, gross_and_net
from income.balances import instalment_states
from income.contribution_history import history
from income.models import Contribution, Draft, Ledger
from income.services.actors import Actors
from income.services.prospects import add_prospect
from income.services.returns import MovedMoney, return_money, transfer_money
from income.vocabulary import Mode, Reason
from interface.errors import PortalError
from tests import factories
from tests.income.agreements import TODAY, contribution_of, pay, promise, sign
from tests.income.payment_cases import currency
from tests.income.test_agreements_pages import AGREEMENT, approve, page, send
from tests.income.test_agreements_prospects import prospect

D = Decimal
ClientOf = Callable[[User], Client]
NEW = "/income/contributions/new/"
IN_KIND = {
    **AGREEMENT, "mode": "in_kind", "valuation_method": "Market price",
    "valuation_evidence": "Appraisal 17",
}  # fmt: skip


@pytest.fixture
def books(reference: None) -> Ledger:
    return Ledger.objects.get(code="UNH")


@pytest.fixture
def actors(officer: User, reviewer: User) -> Actors:
    return Actors(prepared_by=officer, approved_by=reviewer)


def test_the_evidence_of_a_valuation_is_a_document_of_the_donor(
    books: Ledger, officer: User, reviewer: User, client_of: ClientOf
) -> None:
    document = factories.donor_document(donor=Donor.objects.get(code="SWE"), title="Appraisal 17")
    other = factories.donor_document(title="Of another donor")
    client = client_of(officer)
    html = client.get(f"{NEW}?donor=SWE").content.decode()
    assert str(document.uuid) in html
    assert str(other.uuid) not in html
    refused = client.post(NEW, {**IN_KIND, "valuation_document": str(other.uuid)})
    assert refused.status_code == 422
    draft = send(client, NEW, **IN_KIND, valuation_document=str(document.uuid))
    approve(client_of(reviewer), draft)
    made = Contribution.objects.get()
    assert (made.mode, made.valuation_method) == ("in_kind", "Market price · Appraisal 17")
    assert made.valuation_document == document
    assert reverse("donor_document", args=[document.uuid]) in page(client, made)


def test_a_document_of_another_donor_is_no_evidence(ledger: Ledger, actors: Actors) -> None:
    changed = {"mode": Mode.IN_KIND, "valuation_method": "Market price"}
    other = factories.donor_document()
    with pytest.raises(PortalError, match="another donor's"):
        services.sign_agreement(
            ledger, promise(**changed, valuation_document=other), token="s", today=TODAY,
            actors=actors,
        )  # fmt: skip


def test_what_misses_a_clearance_leads_to_the_donors_due_diligence(
    books: Ledger, officer: User, client_of: ClientOf
) -> None:
    donor = factories.donor(contributor_type_id="C05", names={"en": "A foundation"})
    way = f'href="{reverse("donor", args=[donor.code])}#clearance"'
    client = client_of(officer)
    assert way in client.get(f"{NEW}?donor={donor.code}").content.decode()
    assert "#clearance" not in client.get(f"{NEW}?donor=SWE").content.decode()
    refused = client.post(NEW, {**AGREEMENT, "donor": donor.code})
    assert refused.status_code == 422
    assert way in refused.content.decode()
    factories.clearance(
        donor=donor, state="cleared", decided_at=timezone.now(),
        decided_by=factories.user(), valid_from_on=datetime.date(2021, 1, 1),
        valid_until_on=datetime.date(2021, 12, 31),
    )  # fmt: skip
    checked = client.post(NEW, {**AGREEMENT, "donor": donor.code, "check": "1"})
    assert "#clearance" not in checked.content.decode()


def test_money_for_a_country_is_money_for_its_region(
    books: Ledger, officer: User, reviewer: User, client_of: ClientOf
) -> None:
    assert Area.objects.get(iso3="KEN").region_id == "AFRICA"
    draft = send(client_of(officer), NEW, **AGREEMENT, area="KEN")
    approve(client_of(reviewer), draft)
    entries = Contribution.objects.get().entries.values_list("region", "area__iso3").distinct()
    assert list(entries) == [("AFRICA", "KEN")]
    draft = send(client_of(officer), NEW, **AGREEMENT, area="KEN", region="GLOBAL")
    approve(client_of(reviewer), draft)
    assert Contribution.objects.order_by("-pk")[0].region_id == "GLOBAL"


def test_a_pledge_that_became_an_agreement_is_promised_once(
    ledger: Ledger, officer: User, actors: Actors
) -> None:
    made = add_prospect(ledger, prospect(), today=TODAY, by=officer)
    pledged = promise(contribution=made, schedule=())
    services.record_pledge(ledger, pledged, token="p", today=TODAY, actors=actors)
    made.refresh_from_db()
    assert gross_and_net(made, list(made.entries.all())).gross.amount == D(7_000_000)
    signing = services.sign_agreement(
        ledger, promise(contribution=made), token="s", today=TODAY, actors=actors
    )
    made.refresh_from_db()
    net = gross_and_net(made, list(made.entries.all()))
    assert (net.gross.amount, net.net.amount) == (D(7_000_000), D(7_000_000))
    told = [line for line in history(made) if line.event.act == "sign_agreement"]
    assert "Amount" not in {name for name, _before, _after in told[0].changes}
    services.reverse_posting(signing, because="x", token="r", today=TODAY, actors=actors)
    made.refresh_from_db()
    assert gross_and_net(made, list(made.entries.all())).gross.amount == D(7_000_000)


def test_what_arrived_stands_gross_and_net_of_what_went_back(
    ledger: Ledger, actors: Actors
) -> None:
    made = sign(ledger, actors)
    pay(ledger, made, actors, D(3_000_000), number=1)
    for amount, reason in ((250_000, Reason.REFUND), (1_000, Reason.INTEREST)):
        money = MovedMoney(
            currency("SEK"), D(amount), datetime.date(2021, 6, 30), "Letter", reason=reason
        )
        return_money(ledger, made, money, token=reason, today=TODAY, actors=actors)
    net = gross_and_net(made, list(made.entries.all()))
    assert net.arrived.amount == D(3_000_000)
    assert [(one.reason, one.sum.amount, one.currency) for one in net.returned] == [
        (Reason.REFUND, D(-250_000), "SEK"), (Reason.INTEREST, D(-1_000), "SEK"),
    ]  # fmt: skip
    assert (net.kept.amount, net.is_mixed) == (D(2_749_000), False)


def test_dollars_that_go_back_are_not_taken_off_kronor(ledger: Ledger, actors: Actors) -> None:
    made = sign(ledger, actors)
    dollars = services.ReceivedMoney(
        currency("USD"), D(120_000), datetime.date(2021, 6, 10), credited=D(1_000_000),
        automatic=True,
    )  # fmt: skip
    services.record_receipt(ledger, made, dollars, token="r", today=TODAY, actors=actors)
    money = MovedMoney(currency("USD"), D(20_000), datetime.date(2021, 6, 30), "Letter")
    return_money(ledger, made, money, token="b", today=TODAY, actors=actors)
    entries = list(made.entries.all())
    net = gross_and_net(made, entries)
    assert (net.arrived.amount, net.arrived.usd) == (D(1_000_000), D(120_000))
    assert [(one.sum.amount, one.currency) for one in net.returned] == [(D(-20_000), "USD")]
    assert (net.kept.usd, net.is_mixed) == (D(100_000), True)
    received = bases(made, entries, instalment_states(made), TODAY).received
    assert (received.amount, received.usd) == (D(1_000_000), D(100_000))


def test_cash_does_not_move_to_what_is_given_in_kind(
    books: Ledger, actors: Actors, officer: User, client_of: ClientOf
) -> None:
    source = sign(books, actors)
    pay(books, source, actors, D(3_000_000), number=1)
    posting = services.sign_agreement(
        books, promise(mode=Mode.IN_KIND, valuation_method="Market price"), token="k",
        today=TODAY, actors=actors,
    )  # fmt: skip
    target = contribution_of(posting)
    money = MovedMoney(currency("SEK"), D(1_000), datetime.date(2021, 6, 30), "Letter")
    with pytest.raises(PortalError, match="is given in kind"):
        transfer_money(books, source, target, money, token="t", today=TODAY, actors=actors)
    typed = {
        "contribution": str(source.uuid), "target": str(target.uuid), "amount": "1000",
        "currency": "SEK", "moved_on": "2021-06-30", "document_reference": "Letter",
    }  # fmt: skip
    response = client_of(officer).post("/income/transfers/new/", typed)
    assert response.status_code == 422
    assert "target" in response.context["form"].errors
    assert not Draft.objects.exists()
