"""What is typed finds a donor by the beginnings of its names' words, in six languages."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from donors.models import Donor, DonorName, DonorNameStart
from donors.names import searchable
from interface.searching import begins, starts_of
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "starts"),
    [
        ("Côte d’Ivoire", ["cote d ivoire", "d ivoire", "ivoire"]),
        ("Йемен", ["иемен"]),
        ("瑞典", ["瑞典", "典"]),
        ("UN 人居署", ["un 人居署", "人居署", "居署", "署"]),
        ("الإمارات العربية", ["الامارات العربيه", "امارات العربيه", "العربيه", "عربيه"]),
        ("x" * 50, ["x" * 40]),
        ("", []),
    ],
)
def test_a_name_is_found_from_each_of_its_words_on(name, starts):
    assert starts_of(searchable(name)) == starts


def named(text):
    return set(Donor.objects.named_like(text).values_list("code", flat=True))


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("typed", "found"),
    [("zem", True), ("zemb", True), ("republique of z", True), ("ré", True), ("ЗЕМ", True),
     ("земб", True), ("典", True), ("瑞", True), ("عرب", True), ("العرب", True), ("emblan", True),
     ("zembu", False), ("blania r", False), ("瑞士", False), ("z%", True), ("_emb", True),
     ("100%", False)],
)  # fmt: skip
def test_every_keystroke_finds_it_by_the_beginning_of_a_word(typed, found):
    """Inside a word as well, where no name has a word that begins so."""
    donor = factories.donor(code="ZEM")
    for name in ("République of Zemblania", "Зембла́ния", "瑞典", "العربية", "Łódź_x"):
        factories.donor_name(name, donor=donor)
    assert ("ZEM" in named(typed)) is found


@pytest.mark.both_databases
def test_wildcards_of_the_database_are_letters_like_others():
    name = factories.donor_name("other")
    name.starts.update(text="a%b_c\\d")
    for typed, count in (("a%", 1), ("a%b_", 1), ("a%b_c\\", 1), ("a_", 0), ("aX", 0)):
        assert DonorNameStart.objects.filter(begins("text", typed)).count() == count, typed


def test_a_name_of_a_merged_donor_finds_the_one_it_is_kept_as():
    kept, middle, gone = (factories.donor() for _one in range(3))
    factories.donor_name("Zemblanian Agency", donor=gone)
    for one, into in ((gone, middle), (middle, kept)):
        Donor.objects.filter(pk=one.pk).update(merged_into=into, merged_on="2021-01-01")
    assert set(Donor.objects.named_like("zembl").values_list("pk", flat=True)) == {
        kept.pk, middle.pk, gone.pk,
    }  # fmt: skip


def test_many_names_are_left_to_the_database(monkeypatch):
    monkeypatch.setattr("donors.querysets.MOST_NAMES", 2)
    donors = {factories.donor_name(f"Zemblanian {n}").donor_id for n in range(4)}
    assert set(Donor.objects.named_like("zembl").values_list("pk", flat=True)) == donors


def test_a_name_that_goes_or_changes_is_not_found_any_more():
    name = factories.donor_name("Zemblania")
    DonorName.objects.filter(pk=name.pk).delete()
    assert not DonorNameStart.objects.filter(begins("text", "zembl")).exists()


def test_what_names_are_found_by_is_made_anew(capsys):
    name = factories.donor_name("Zemblania")
    name.starts.all().delete()
    call_command("renew_names")
    assert [one.text for one in name.starts.all()] == ["zemblania"]


def test_a_keystroke_asks_twice_and_counts_nothing():
    factories.donor_name("Zemblania")
    with CaptureQueriesContext(connection) as asked:
        assert len(Donor.objects.named_like("zem").in_order()[:10]) == 1
    assert len(asked) == 2
    assert not any("COUNT(" in query["sql"] for query in asked.captured_queries)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite tells its plans in these words")
def test_a_keystroke_reads_the_index_of_beginnings_alone():
    rows = DonorNameStart.objects.filter(begins("text", "zem")).values_list("donor")
    assert "COVERING INDEX donors_by_what_is_typed" in rows.explain()
