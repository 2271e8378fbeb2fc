"""A name that is not there in the reader's language says in which one it is."""

import pickle

from django.template import Context, Template
from django.utils.translation import gettext as _
from django.utils.translation import override

from donors.names import in_language
from interface.names import Name, shown
from interface.templatetags.interface import named


def test_a_name_of_the_readers_language_stands_apart_and_no_more():
    with override("ru"):
        assert shown("Швеция") == "<bdi>Швеция</bdi>"
        assert shown("<b>") == "<bdi>&lt;b&gt;</bdi>"
        assert shown(in_language({"ru": "Швеция"}, "ru")) == "<bdi>Швеция</bdi>"


def test_a_name_in_another_language_has_it_and_a_mark():
    with override("fr"):
        assert named(in_language({"en": "KfW & Co"}, "fr")) == (
            '<bdi lang="en" dir="ltr">KfW &amp; Co</bdi>'
            f'<span class="other-language"> {_("in English")}</span>'
        )
        assert named(in_language({"en": "", "ar": "قطر"}, "fr")) == (
            '<bdi lang="ar" dir="rtl">قطر</bdi><span class="other-language"> العربيّة</span>'
        )


def test_the_name_stays_one_on_its_way_to_the_page():
    name = pickle.loads(pickle.dumps(Name("KfW", "en")))  # noqa: S301  as caches do
    assert (name, name.language, hash(name)) == ("KfW", "en", hash("KfW"))
    assert str(name) == "KfW"
    assert type(f"{name}") is str


def test_in_a_sentence_it_is_set_apart_where_it_runs_the_other_way():
    with override("ar"):
        name = Name("KfW", "en")
        sentence = "من %(donor)s"
        assert sentence % {"donor": name} == "من \u2068KfW\u2069"
        assert f"من {name}" == "من \u2068KfW\u2069"
        assert Template("{{ name }}").render(Context({"name": name})) == "\u2068KfW\u2069"
        assert shown(name).startswith('<bdi lang="en" dir="ltr">KfW</bdi>')
        assert Name("قطر", "ar") == f"{Name('قطر', 'ar')}"
    with override("es"):
        assert f"de {Name('KfW', 'en')}" == "de KfW"
        assert f"de {Name('قطر', 'ar')}" == "de \u2068قطر\u2069"
