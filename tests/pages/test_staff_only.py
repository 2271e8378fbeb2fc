"""What is for staff alone is on no page, file, fragment, answer or refusal of anybody else.

Every staff-only text of the rows below begins with `zq`, and so does what is searched for. Sweden
and Norway have the same rows, so that each is the foreign one of the other's representative.
"""

import datetime
from decimal import Decimal

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from accounts.permissions import Role
from donors.models import Donor
from income.models import Entry, Ledger
from income.vocabulary import Act, ContributionState, DraftState, Kind
from tests import factories, report_factories
from tests.pages.test_every_address import ADDRESSES, filled

ON = datetime.date(2021, 3, 4)
# What a representative reads of the own donor and nobody else does who is not staff.
OWN = ("purpose", "bank", "reason", "condition", "evidence", "agreement")
STAFF_ONLY = (
    "post", "name", "mail", "phone", "street", "subject", "summary", "document", "file", "bytes",
    "clearance", "decision", "donornote", "prospect", "prospectnumber", "given", "draft", "typed",
    "returned", "grant", "erptext", "partner", "erpdocument", "wbs", "payer", "parkedbank",
    "parkednote", "campaign", "campaignnote", "approach", "reportnote", "postingnote",
    "authority", "support", "view", "dropped", "notmade",
)  # fmt: skip
# Of single promises: no sum may be any of them. Decimal points as pages and files print them.
PROSPECT, AGREED, ASKED, PARKED = "4711321.37", "8123456.77", "6234567.17", "5345678.27"
AMOUNTS = (PROSPECT, AGREED, ASKED, PARKED)
QUERIES = (
    "", "q=zq", "donor=SWE", "donor=NOR", "donor=NOR&level=parent", "kind=due", "kind=agreement",
    "kind=pledge", "kind=conditional", "kind=receipt&instalment=none", "due_from=2021-01",
    "agreed_from=2021-01", "basis=agreed", "basis=due", "basis=nonsense", "since=nonsense",
    "since=0", "year=2021", "year=2021&as_at=2021-03", "fund=FE&year=2021", "as_at=2021-12",
    "as_at=2021-12&level=parent", "state=prospect", "books=T-OTHER", "all=1", "sort=amount",
    "contribution={contribution}", "year=2021&contribution={contribution}",
    "year=2021&donor=NOR", "whose=mine", "page=2", "format=json",
)  # fmt: skip


def word(code, what):
    return f"zq{what}{code.lower()}"


def words_of(code, what):
    return [word(code, one) for one in what]


@pytest.fixture
def officer(officer):
    officer.name = "zqofficername"
    officer.save()
    return officer


@pytest.fixture
def rows(reference, settings, officer, reviewer):
    """The parts of addresses, for Sweden's rows and for Norway's."""
    settings.PORTAL_BOOKS = "UNH"
    reviewer.name = "zqreviewername"
    reviewer.save()
    return {code: seeded(code, officer, reviewer) for code in ("SWE", "NOR")}


def seeded(code, officer, reviewer):
    books, donor = Ledger.objects.get(code="UNH"), Donor.objects.get(code=code)
    Donor.objects.filter(pk=donor.pk).update(note=word(code, "donornote"), focal_point=officer)

    def w(what):
        return word(code, what)

    promised = agreed(books, donor, w, officer, reviewer)
    document = of_the_file(donor, w, officer)
    prospect, dropped = hoped_for(books, donor, w)
    approach = asked(donor, w)
    at_the_bank(books, promised, w)
    draft = factories.draft(
        ledger=books, written_by=officer, title=w("draft"), payload={"reference": w("typed")},
        state=DraftState.RETURNED, returned_because=w("returned"), reviewed_by=reviewer,
        reviewed_at=timezone.now(),
    )  # fmt: skip
    report = factories.report_due(contribution=promised, note=w("reportnote"))
    return {
        **document,
        **dict.fromkeys(
            ("contribution", "amendment", "extension", "cancellation", "write", "condition"),
            str(promised.uuid),
        ),
        "prospect": str(prospect.uuid), "dropped": str(dropped.uuid), "draft": str(draft.uuid),
        "report": str(report.uuid),
        "job": str(factories.job(asked_by=officer).uuid), "account_allow": str(reviewer.uuid),
        "parked": str(books.parked.get(payer=w("payer")).uuid),
        "campaign": str(approach.campaign.uuid), "approach": str(approach.uuid),
        "letter_campaign": str(approach.campaign.uuid), "letter_zip": str(approach.campaign.uuid),
        "letter_reminder": str(promised.instalments.get().uuid),
        **dict.fromkeys(("bulk", "bulk_cancel"), str(ordered(books, donor, w("notmade")).uuid)),
        "entries": [str(pk) for pk in Entry.objects.filter(donor=donor).values_list("pk", flat=1)],
    }  # fmt: skip


def ordered(books, donor, sentence):
    """An order of many reports, of which this donor's could not be made."""
    made = report_factories.finished_order(ledger=books)
    report_factories.bulk_item(order=made, donor=donor, sentence=sentence)
    return made


def agreed(books, donor, w, officer, reviewer):
    """An agreement with a due instalment, of which a hundred dollars came."""
    promised = factories.contribution(
        ledger=books, donor=donor, title=w("purpose"), state=ContributionState.SIGNED,
        signed_on=ON, amount=Decimal(AGREED), reference=w("agreement"),
        programme_support_reason=w("support"), programme_support_rate=Decimal("0.07"),
    )  # fmt: skip
    instalment = factories.instalment(contribution=promised, amount=Decimal(AGREED))
    of = {"donor": donor, "contribution": promised, "fund_id": "FE"}
    entries = [
        factories.entry(AGREED, kind=Kind.AGREEMENT, **of),
        factories.entry(AGREED, kind=Kind.DUE, instalment=instalment, **of),
        factories.entry("100.00", instalment=instalment, credited_amount=Decimal(100), **of),
    ]
    posting = factories.posting(
        books, *entries, act=Act.SIGN_AGREEMENT, reference=w("bank"), note=w("postingnote"),
        prepared_by=officer, approved_by=reviewer,
    )  # fmt: skip
    factories.condition(contribution=promised, text=w("condition"), evidence=w("evidence"))
    factories.amendment(contribution=promised, reason=w("reason"), authority=w("authority"))
    factories.erp_reference(contribution=promised, value=w("grant"))
    assert posting.entries.count() == 3
    return promised


def of_the_file(donor, w, officer):
    contact = factories.contact(
        donor=donor, title=w("post"), name=w("name"), email=f"{w('mail')}@example.org",
        phone=w("phone"), address=w("street"),
    )  # fmt: skip
    document = factories.donor_document(
        donor=donor, title=w("document"), file_name=f"{w('file')}.pdf",
        content=w("bytes").encode(),
    )  # fmt: skip
    engagement = factories.engagement(
        donor=donor, subject=w("subject"), summary=w("summary"), document=document
    )
    clearance = factories.clearance(
        donor=donor, reference=w("clearance"), note=w("decision"), requested_by=officer
    )
    view = factories.saved_view(user=officer, name=w("view"), page="donor_list")
    return {
        "contact_edit": str(contact.pk), "engagement_edit": str(engagement.uuid),
        "donor_document": str(document.uuid), "my_document": str(document.uuid),
        "clearance_decide": str(clearance.uuid),
        "saved_view_delete": str(view.pk), "letter": str(document.uuid),
    }  # fmt: skip


def hoped_for(books, donor, w):
    row = {"ledger": books, "donor": donor, "amount": Decimal(PROSPECT)}
    dropped = factories.contribution(
        **row, title=w("dropped"), state=ContributionState.CANCELLED, ended_on=ON,
        ended_because=w("given"),
    )  # fmt: skip
    prospect = factories.contribution(
        **row, title=w("prospect"), state=ContributionState.PROSPECT, probability=37,
        expected_on=ON, reference=w("prospectnumber"),
    )  # fmt: skip
    return prospect, dropped


def asked(donor, w):
    campaign = factories.campaign(title=w("campaign"), note=w("campaignnote"))
    return factories.approach(
        campaign=campaign, donor=donor, note=w("approach"), amount=Decimal(ASKED),
        currency_id="USD",
    )  # fmt: skip


def at_the_bank(books, promised, w):
    factories.parked_receipt(
        ledger=books, payer=w("payer"), bank_reference=w("parkedbank"), note=w("parkednote"),
        amount=Decimal(PARKED),
    )  # fmt: skip
    export = books.erp_exports.first() or factories.erp_export(ledger=books, month=202101)
    factories.erp_line(
        export=export, row=export.lines.count() + 2, text=w("erptext"), partner=w("partner"),
        document=w("erpdocument"), wbs=w("wbs"), amount=Decimal(PARKED),
    )  # fmt: skip


def api_addresses(resolver=None, before=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from api_addresses(pattern, route)
        elif isinstance(pattern, URLPattern) and route.startswith("api/"):
            yield pattern.name, route


def every_address(rows):
    """Each page's address with the rows of either donor, and each of the API."""
    yield "/income/erp/search/?q=zqwbs"
    for parts in rows.values():
        for uuid in (parts["prospect"], parts["dropped"]):
            yield from (f"/income/contributions/{uuid}/", f"/api/v1/contributions/{uuid}/")
        for name, route in ADDRESSES:
            if name not in ("sign_out", "readyz"):
                yield filled(name, route, parts)
        for name, route in api_addresses():
            pks = parts["entries"] if name == "api_entry" else ["1"]
            for pk in pks:
                own = {**parts, "api_contribution": parts["contribution"], name: pk}
                own["api_contribution"] = parts["contribution"]
                yield filled(name, route, own)


def spelled(text):
    """Without what separates thousands, so that one spelling of an amount finds all."""
    for sign in ("\u00a0", "\u202f", ",", " ", "&nbsp;"):
        text = text.replace(sign, "")
    return text


def leaks(client, address, hidden, **headers):
    answer = client.get(address, headers=headers)
    held = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = held.decode("utf-8", errors="replace") + str(answer.headers)
    assert answer.status_code < 500, address
    found = [one for one in hidden if one in text]
    return found + [amount for amount in AMOUNTS if amount in spelled(text)]


def hidden_from(role_or_code):
    """The words that must not appear for the Board ("") or a donor's representative."""
    own = role_or_code
    hidden = ["zqofficername", "zqreviewername"]
    for code in ("SWE", "NOR"):
        hidden += words_of(code, STAFF_ONLY)
        if code != own:
            hidden += words_of(code, OWN)
    return hidden


@pytest.fixture
def outsiders(rows, client_of, board_member, representative):
    other = factories.user(email="norway@example.org", role=Role.REPRESENTATIVE)
    factories.representation(user=other, donor=Donor.objects.get(code="NOR"))
    return {
        "": client_of(board_member), "SWE": client_of(representative), "NOR": client_of(other),
    }  # fmt: skip


def seen_by(code):
    """The amounts of one's own agreement are one's own; those of the other donor are the same."""
    return (AGREED,) if code else ()


# Norway's has the same rows, and so have its representative and Sweden's.
@pytest.mark.parametrize("code", ["", "SWE"], ids=["board", "sweden"])
@pytest.mark.parametrize("fragment", [False, True], ids=["page", "fragment"])
def test_nothing_that_is_staffs_alone_is_at_any_address(outsiders, rows, code, fragment):
    headers = {"HX-Request": "true"} if fragment else {}
    hidden, wrong = hidden_from(code), {}
    for address in every_address(rows):
        found = leaks(outsiders[code], address, hidden, **headers)
        if rest := [one for one in found if one not in seen_by(code)]:
            wrong[address] = rest
    assert wrong == {}


# What opens to them at all; the rest is refused before a question is looked at.
TO_BOARD = (
    "dashboard", "dashboard_csv", "history", "bases", "bases_csv", "restatement",
    "restatement_csv", "outstanding", "outstanding_csv", "entry_list", "entry_csv", "entry_xlsx",
    "posting",
    "month_list", "rate_list", "published_list",
)  # fmt: skip
TO_REPRESENTATIVE = ("donor", "contribution", "entry_list", "entry_csv", "entry_xlsx")
OF_THE_API = tuple(f"/api/v1/{one}/" for one in ("donors", "contributions", "entries", "dashboard"))


@pytest.mark.parametrize("code", ["", "SWE"], ids=["board", "sweden"])
def test_no_question_in_an_address_brings_it_out(outsiders, rows, code):
    routes, hidden, wrong = dict(ADDRESSES), hidden_from(code), {}
    foreign = rows["NOR"]
    names = TO_REPRESENTATIVE if code else TO_BOARD
    lists = [filled(name, routes[name], rows[code or "SWE"]) for name in names]
    for query in QUERIES:
        question = query.format(contribution=foreign["contribution"])
        for address in (*lists, *OF_THE_API):
            found = leaks(outsiders[code], f"{address}?{question}", hidden)
            if rest := [one for one in found if one not in seen_by(code)]:
                wrong[f"{address}?{question}"] = rest
    assert wrong == {}


def test_the_words_are_there_to_be_found(rows, client_of, officer, administrator):
    """Otherwise the tests above would prove nothing: staff find them on the same addresses."""
    staff, text = [client_of(officer), client_of(administrator)], ""
    for address in every_address({"SWE": rows["SWE"]}):
        answers = [client.get(address, headers={"Accept-Language": "en"}) for client in staff]
        text += "".join(str(one.getvalue(), "utf-8", "replace") for one in answers)
    known = {word("SWE", one) for one in (*STAFF_ONLY, *OWN)} | {"zqofficername"}
    assert sorted(one for one in known if one not in text) == []
    assert [amount for amount in AMOUNTS if amount not in spelled(text)] == []


@pytest.mark.parametrize("code", ["", "SWE"], ids=["board", "sweden"])
@pytest.mark.parametrize("name", ["saved_view_save", "saved_view_delete"])
def test_anothers_saved_view_is_neither_shown_nor_deleted(outsiders, rows, code, name):
    routes = dict(ADDRESSES)
    address = filled(name, routes[name], rows["SWE"])
    answer = outsiders[code].post(address, {"page": "donor_list", "name": "x", "query": "q=zq"})
    assert "zqview" not in answer.content.decode()
    assert answer.status_code in (302, 403, 404)
