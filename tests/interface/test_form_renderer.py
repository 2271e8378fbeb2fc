"""Lists to choose from are written as Django's own templates write them."""

from django import forms
from django.forms.renderers import DjangoTemplates
from django.test import SimpleTestCase
from hypothesis import given
from hypothesis import strategies as st

from interface.form_renderer import QuickRenderer

TEXT = st.text(st.characters(exclude_categories=["C"]), max_size=8)
OPTIONS = st.lists(st.tuples(TEXT, TEXT), max_size=6)
CHOICES = st.lists(st.one_of(st.tuples(TEXT, TEXT), st.tuples(TEXT, OPTIONS)), max_size=5)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(["required", "lang", "data-x", "id"]), st.one_of(st.booleans(), TEXT)
)


class Lists(SimpleTestCase):
    @given(CHOICES, ATTRIBUTES, st.lists(TEXT, max_size=2))
    def test_a_list_is_the_same_as_by_templates(self, choices, attributes, chosen) -> None:
        for widget in (forms.Select(choices=choices), forms.SelectMultiple(choices=choices)):
            ours, theirs = (
                widget.render("of", chosen, attrs=attributes, renderer=renderer)
                for renderer in (QuickRenderer(), DjangoTemplates())
            )
            self.assertHTMLEqual(ours, theirs)

    def test_what_is_chosen_is_marked_and_what_is_typed_is_escaped(self) -> None:
        widget = forms.Select(choices=[("", "–"), ("A&B", "<b>"), (7, "seven")])
        written = widget.render("of", 7, attrs={"required": True}, renderer=QuickRenderer())
        assert written == (
            '<select name="of" required>\n<option value="">–</option>\n'
            '<option value="A&amp;B">&lt;b&gt;</option>\n'
            '<option value="7" selected>seven</option>\n</select>'
        )

    def test_other_widgets_go_by_their_templates(self) -> None:
        written = forms.TextInput().render("of", "x", renderer=QuickRenderer())
        assert written == '<input type="text" name="of" value="x">'
