"""What is typed about a figure, and what is answered."""

from django import forms
from django.utils.translation import gettext_lazy

LONGEST = 2000


class QuestionForm(forms.Form):
    """What looks wrong."""

    text = forms.CharField(
        label=gettext_lazy("What looks wrong, and what you expected"), max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy(
            "Say the amount, the day and the reference of the payment, if you have them."
        ),
    )  # fmt: skip


class AnswerForm(forms.Form):
    """What is said to it."""

    answer = forms.CharField(
        label=gettext_lazy("Answer"), max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy(
            "Who asked gets it by e-mail, and everybody who represents the donor reads it on the "
            "donor's page."
        ),
    )  # fmt: skip
