"""What a donor's representatives see of their own file, and what an officer sees in their place."""

import datetime
import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.permissions import Role
from donors.models import Donor
from income.vocabulary import Kind
from reports.figures.donor_purposes import donor_purposes
from reports.visibility import BLOCKS, AsDonor, blocks_for
from tests import factories, report_factories
from tests.reports.own_donor import filled_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def books(reference, settings):
    settings.PORTAL_BOOKS = "T"
    return factories.ledger(code="T", name="Books of a test")


@pytest.fixture
def own(books):
    return filled_file(books, "SWE")


@pytest.fixture
def foreign(books):
    return filled_file(books, "NOR")


@pytest.fixture
def browser(client_of, representative):
    return client_of(representative)


def page(client, name="donor", code="SWE", **query):
    return client.get(reverse(name, args=[code]), query)


def main_of(answer):
    """What is in the page's main part, without what one of the two alone has."""
    html = answer.content.decode()
    main = html[html.index('<main id="main"') : html.index("</main>")]
    for part in (
        r'<aside class="as-donor.*?</aside>', r'<p class="seen-by">.*?</p>',
        r"<details><summary>Entries of a period</summary>.*?</details>",
        r'<dt>Access</dt><dd id="access">.*?</dd>',
        r' ?<a class="remark".*?</a>', r'<p class="note remark-note">.*?</p>',
    ):  # fmt: skip
        main = re.sub(part, "", main, flags=re.S)
    return re.sub(r"\s+", " ", main).replace("> <", "><").replace(" </dt>", "</dt>")


def blocks_in(answer):
    ids = set(re.findall(r'id="([\w-]+)"', answer.content.decode()))
    return {block.code for block in BLOCKS} & ids


def test_the_page_tells_what_is_due_with_its_day_and_what_is_owed_to_the_donor(browser, own):
    html = page(browser).content.decode().replace("\u00a0", " ")
    assert "What is still due, with its dates" in html
    assert "Reports due to us" in html
    assert "Reports delivered to us" in html
    for title in ("The agreement SWE", "The letter SWE", "Delivered report SWE"):
        assert title in html
    assert "Permanent Mission SWE" in html


def test_nothing_that_is_staffs_alone_is_on_the_page_or_its_preview(
    browser, client_of, officer, own
):
    assert "s3cret" not in page(browser).content.decode()
    assert "s3cret" not in page(client_of(officer), "donor_as_donor").content.decode()
    staff = page(client_of(officer)).content.decode()
    for word in ("s3cret prospect", "s3cret meeting", "s3cret former post", "s3cret bank advice"):
        assert word in staff


def test_the_table_of_visibility_says_what_each_page_holds(
    books, browser, client_of, officer, representative, own
):
    part = factories.donor(code="PART", parent=own["donor"])
    factories.approach(donor=own["donor"])
    report_factories.figure_question(donor=own["donor"], ledger=books, asked_by=representative)
    assert part.parent.code == "SWE"
    # Sums with changes or years of their own, and pooled funds, are there in other books alone.
    elsewhere = {"look-through", "gross-net", "years-for"}
    shown = blocks_in(page(browser))
    assert shown - elsewhere == blocks_for(representative) - elsewhere
    assert blocks_in(page(client_of(officer), "donor_as_donor")) == shown
    staff = blocks_in(page(client_of(officer)))
    assert staff - elsewhere == blocks_for(officer) - elsewhere


def test_no_block_of_the_staffs_is_a_donors():
    staffs = {block.code for block in BLOCKS if not block.is_donors}
    assert staffs & blocks_for(AsDonor()) == set()
    assert staffs == {
        "prospects", "family-section", "look-through", "contacts", "engagements", "campaigns",
        "documents", "clearance", "changes",
    }  # fmt: skip


@pytest.mark.parametrize("query", [{}, {"year": "2020"}])
def test_the_preview_is_the_page_that_the_representative_gets(
    browser, client_of, officer, own, query
):
    seen = main_of(page(browser, **query)).replace("/as-donor", "")
    assert main_of(page(client_of(officer), "donor_as_donor", **query)) == seen
    assert "Reports delivered to us" in seen


def test_the_preview_has_no_form_and_says_what_each_block_is(client_of, officer, own):
    html = page(client_of(officer), "donor_as_donor").content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    assert "<form" not in main
    assert 'class="remark"' not in main
    assert "You look at this page as Sweden sees it." in main
    assert "<b>Letters</b>" in main
    assert "Staff alone see this." in main
    address, staff = reverse("donor_as_donor", args=["SWE"]), client_of(officer)
    unsafe = [getattr(staff, one)(address) for one in ("post", "put", "patch", "delete")]
    assert [answer.status_code for answer in unsafe] == [405] * 4
    assert not AuditEvent.objects.exclude(act="view_as_donor").filter(by=officer.uuid).exists()


def test_each_block_of_the_preview_says_who_sees_it(client_of, officer, books, own):
    report_factories.figure_question(donor=own["donor"], ledger=books)
    answer = page(client_of(officer), "donor_as_donor")
    html = unescape(answer.content.decode())
    told = re.findall(r'<p class="seen-by"><b>(.*?)</b> (.*?)</p>', html)
    shown = [block for block in BLOCKS if block.code in blocks_in(answer)]
    assert sorted(told) == sorted((str(one.label), one.told) for one in shown)


def test_every_look_in_a_donors_place_is_an_audit_event(client_of, officer, own):
    client = client_of(officer)
    for _look in range(2):
        page(client, "donor_as_donor")
    events = AuditEvent.objects.filter(act="view_as_donor")
    assert [(e.by, e.after["donor"], e.after["books"]) for e in events] == [
        (officer.uuid, "SWE", "T")
    ] * 2
    assert client.session["_auth_user_id"] == str(officer.pk)


@pytest.mark.parametrize("who", ["reviewer", "board_member", "representative", "administrator"])
def test_only_an_officer_looks_in_a_donors_place(request, client_of, own, who):
    client = client_of(request.getfixturevalue(who))
    assert page(client, "donor_as_donor").status_code == 403
    assert not AuditEvent.objects.filter(act="view_as_donor").exists()


def test_money_is_told_by_what_it_was_for_and_each_figure_opens_its_entries(books, browser, own):
    (regions,) = [one for one in donor_purposes(books, own["donor"], 2020)
                  if one.dimension == "region"]  # fmt: skip
    assert [(row.code, str(row.year.amount_usd), str(row.whole.amount_usd))
            for row in regions.rows] == [("AFRICA", "100.00", "100.00"),
                                         ("", "0", "250.50")]  # fmt: skip
    assert (str(regions.total.year.amount_usd), str(regions.total.whole.amount_usd)) == (
        "100.00", "350.50",
    )  # fmt: skip
    for row in (*regions.rows, regions.total):
        for figure in (row.year, row.whole):
            totals = browser.get(figure.href).context["totals"]
            assert totals.amount_usd == figure.amount_usd, figure.href


def test_money_of_a_merged_donor_counts_for_the_one_it_became(books, own):
    old = factories.donor(code="OLD", merged_into=own["donor"], merged_on=timezone.localdate())
    entry = factories.entry("5.00", donor=old, region_id="AFRICA", fund_id="FE")
    factories.posting(books, entry, reference="OLD")
    tables = donor_purposes(books, Donor.objects.get(code="SWE"), 2021)
    (regions,) = [one for one in tables if (one.dimension, one.kind) == ("region", Kind.RECEIPT)]
    assert str(regions.total.whole.amount_usd) == "355.50"


def test_shared_documents_open_for_the_donor_and_no_others(browser, client_of, own, foreign):
    def status(document):
        return browser.get(reverse("my_document", args=[document.uuid])).status_code

    assert [status(one) for one in own["shared"]] == [200, 200, 200]
    assert {status(one) for one in (*own["hidden"], *foreign["shared"], *foreign["hidden"])} == {
        404
    }


@pytest.mark.parametrize(("open_kinds", "seen"), [
    (["agreement"], [200, 404, 404]), (["letter"], [404, 200, 404]), (["report"], [404, 404, 200]),
    (["agrement"], [404, 404, 404]),
])  # fmt: skip
def test_an_installation_leaves_kinds_of_documents_to_staff_alone(
    browser, settings, own, open_kinds, seen
):
    settings.DONOR_DOCUMENTS = frozenset(open_kinds)
    addresses = [reverse("my_document", args=[one.uuid]) for one in own["shared"]]
    assert [browser.get(address).status_code for address in addresses] == seen
    html = page(browser).content.decode()
    assert [address in html for address in addresses] == [status == 200 for status in seen]


def test_a_note_verbale_filed_as_a_letter_follows_the_switch_of_notes(browser, settings, own):
    settings.DONOR_DOCUMENTS = frozenset({"letter"})
    note = factories.donor_document(donor=own["donor"], kind="note", content=b"note")
    factories.engagement(donor=own["donor"], kind="letter", document=note)
    assert browser.get(reverse("my_document", args=[note.uuid])).status_code == 404


def test_a_person_of_two_donors_reads_both_and_a_donor_has_two_people(
    client_of, representative, own, foreign
):
    factories.representation(user=representative, donor=foreign["donor"])
    second = factories.user(role=Role.REPRESENTATIVE)
    factories.representation(user=second, donor=own["donor"])
    both, one = client_of(representative), client_of(second)
    assert [page(both, code=code).status_code for code in ("SWE", "NOR")] == [200, 200]
    assert [page(one, code=code).status_code for code in ("SWE", "NOR")] == [200, 404]


@pytest.mark.parametrize(("days", "told"), [
    (None, "until further notice"), (20, "; on that day it is gone."), (31, "; on that day"),
])  # fmt: skip
def test_a_representative_reads_when_the_access_ends_and_is_warned_a_month_before(
    browser, representative, own, days, told
):
    ends_on = timezone.localdate() + datetime.timedelta(days=days) if days else None
    representative.representations.update(ends_on=ends_on)
    html = page(browser).content.decode()
    (said,) = re.findall(r'<dd id="access">(.*?)</dd>', html)
    assert told in said
    assert (str(ends_on.year) in said) if ends_on else True
    assert ("to extend it" in html) is (days == 20)


def test_who_represents_several_reads_the_end_of_each(browser, representative, own, foreign):
    factories.representation(
        user=representative, donor=foreign["donor"], ends_on=datetime.date(2099, 12, 31)
    )
    html = browser.get(reverse("my_donor")).content.decode()
    assert "until further notice" in html
    assert "31 December 2099" in html
