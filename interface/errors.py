"""The base of the portal's error vocabulary."""

from collections.abc import Mapping

from django.utils.functional import Promise


class PortalError(Exception):
    """Something a person asked for cannot be done, and a sentence says why.

    `sentence` is translatable, says what is wrong and what to do, and is shown to people as it
    stands. `field` names the form field (or the column of a file) that it is about, if any.
    `status` is what the API answers with it, `errors` the sentences by field where there are more.
    """

    status = 422
    errors: Mapping[str, list[str]] | None = None

    def __init__(self, sentence: str | Promise, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self._sentence = sentence
        self.field = field

    @property
    def sentence(self) -> str:
        """The sentence in the language that is active now, not the one active when raised."""
        return str(self._sentence)

    def __str__(self) -> str:
        return self.sentence
