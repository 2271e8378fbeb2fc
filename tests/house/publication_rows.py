"""The same for publications: what follows a standard and is open to everybody."""

from django.utils import timezone

from tests import board_factories, factories


def _published(**changed):
    row = {
        "state": "published", "is_cast": True, "published_by": factories.user(),
        "published_at": timezone.now(),
    }  # fmt: skip
    return board_factories.publication(**{**row, **changed})


def _by_its_preparer():
    person = factories.user()
    return _published(prepared_by=person, published_by=person)


BAD_ROWS = {
    "a_published_publication_says_by_whom": [
        lambda: _published(published_by=None),
        lambda: _published(published_at=None),
        lambda: board_factories.publication(published_at=timezone.now()),
    ],
    "nobody_publishes_their_own_publication": [_by_its_preparer],
    "only_what_casts_is_published": [lambda: _published(is_cast=False)],
    "iati_files_follow_an_update": [lambda: board_factories.publication(kind="iati")],
}
GOOD_ROWS = [
    _published,
    lambda: board_factories.publication(state="discarded"),
    lambda: _published(kind="iati", update=board_factories.monthly_update()),
]
