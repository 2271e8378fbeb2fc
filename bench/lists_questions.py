"""The questions of the bench of lists, each as the portal's own code asks the database it is at."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.utils import timezone
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.serializers import ModelSerializer

from accounts.factors import mark_passed
from accounts.models import User
from bench import lists_books as books
from donors.forms import DonorSearch
from donors.models import Donor
from income.contribution_filter import LABELS, ContributionFilter
from income.models import Contribution, Ledger
from income.views.agreements import ROWS
from interface.keyset import BACKWARDS, FORWARDS, written
from interface.paging import page_along, page_of

API, PEER, SQL = "API: first page of 100", "REST framework: the same 100", "plain SQL: the same 100"
OFFSET = "OFFSET: behind nine tenths"
NOT_FOUND = "nothing (Yverdon)"
BESIDE = (PEER, SQL, OFFSET, NOT_FOUND)
MANY_A_MINUTE = 10**9  # the limit of a person is not what is measured
COLUMNS = ("uuid", "title", "state", "mode", "currency", "amount", "signed_on", "ends_on",
           "donor", "fund", "reference", "version", "starts_on", "pledged_on")  # fmt: skip
Questions = dict[str, Callable[[], Any]]


class _Rows(ModelSerializer):  # type: ignore[type-arg]
    class Meta:
        model = Contribution
        fields = COLUMNS


class _Pages(CursorPagination):
    page_size, ordering = 100, "-id"


class _Peer(ListAPIView):  # type: ignore[type-arg]
    queryset, serializer_class, pagination_class = Contribution.objects.all(), _Rows, _Pages
    authentication_classes = permission_classes = throttle_classes = ()


def of_contributions() -> Questions:
    """The list of contributions, whole requests, and the API."""
    ledger, user = Ledger.objects.get(code=books.BOOKS), User.objects.get(role="reviewer")
    today = timezone.localdate()
    seen = Contribution.objects.in_books(ledger).for_user(user, today)

    def page(place: str = "", **asked: str) -> list[tuple[Any, ...]]:
        found = ContributionFilter.parse(QueryDict("&".join(f"{k}={v}" for k, v in asked.items())))
        rows = found.apply(seen).select_related("donor", "fund", "currency")
        shown = page_along(found.walk, rows, found.sort, place, ROWS)
        return [(one.number, one.donor.name, one.title, str(one.fund)) for one in shown.items]

    def ask(**asked: str) -> Callable[[], Any]:
        return lambda: page(**asked)

    middle = Donor.objects.get(code=f"D{books.DONORS // 8}").code
    questions = {
        "first page: newest": ask(),
        **{f"filter: state {state.value}": ask(state=state) for state, _share in books.STATES},
        "filter: fund": ask(fund=sorted(seen.values_list("fund", flat=True)[:50])[25]),
        "filter: donor": ask(donor=middle),
        "filter: state and fund": ask(state="pledged", fund="FE"),
        **{f"order: {sort}": ask(sort=sort) for sort in LABELS if sort != "newest"},
        **{f"deep page: {sort}": ask(sort=sort, place=_deep(seen, sort)) for sort in LABELS},
        "deep page: newest, backwards": ask(place=_deep(seen, "newest", BACKWARDS)),
        OFFSET: lambda: page_of(seen.order_by("-pk"), seen_count(seen) * 9 // 10 // ROWS, ROWS),
        "search: a number": ask(q="C-004321"),
        "search: a reference": ask(q="AGR/0004321"),
        "search: a rare word": ask(q=books.RARE),
        "search: a common word": ask(q=books.COMMON),
        "search: without its accents": ask(q="ecoles"),
        "search: a donor": ask(q="Ciudad+Lima+3"),
        "search: two signs": ask(q="城市"),
    }
    return questions | _requests(user, ledger, seen)


def seen_count(rows: Any) -> int:
    return int(rows.order_by("-pk").values_list("pk", flat=True)[0])


def _deep(rows: Any, sort: str, way: str = FORWARDS) -> str:
    """The place behind nine tenths of the list."""
    walk = ContributionFilter(sort=sort).walk
    row = rows.get(pk=seen_count(rows) // 10)
    return written(way, sort, walk.place_of(row), ROWS)


def _requests(user: User, ledger: Ledger, seen: Any) -> Questions:
    settings.API_READS_PER_MINUTE = MANY_A_MINUTE
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    session = client.session
    mark_passed(session, user)
    session.save()
    peer, request = _Peer.as_view(), RequestFactory(SERVER_NAME="localhost").get("/")
    page, api = "/income/contributions/", "/api/v1/contributions/"

    def get(path: str, **asked: str) -> Callable[[], Any]:
        def answer() -> bytes:
            found = client.get(path, {"books": ledger.code, **asked})
            if found.status_code != 200:
                raise SystemExit(f"{path} answers {found.status_code}")
            return bytes(found.content)

        return answer

    def plain() -> list[Any]:
        table = Contribution._meta.db_table
        names = ", ".join(Contribution._meta.get_field(one).column for one in COLUMNS)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {names} FROM {table} WHERE ledger_id = %s ORDER BY id DESC LIMIT 100",  # noqa: S608
                [ledger.pk],
            )
            return list(cursor.fetchall())

    following = client.get(api, {"books": ledger.code, "page_size": "100"}).json()["next"]
    key = seen_count(seen) // 10
    deep = written(FORWARDS, "-number", (key,))
    if not following:
        raise SystemExit("The list of the API has one page.")
    return {
        "request: first page": get(page),
        "request: deep page": get(page, page=_deep(seen, "newest")),
        "request: by state": get(page, state="pledged"),
        "request: search": get(page, q=books.RARE),
        API: get(api, page_size="100"),
        "API: deep page of 100": get(api, page_size="100", cursor=deep),
        "API: by fund": get(api, page_size="100", fund="FE"),
        "API: by state": get(api, page_size="100", state="pledged"),
        "API: last signed first": get(api, page_size="100", sort="-signed_on"),
        "API: last signed first, deep": get(
            api, page_size="100", sort="-signed_on",
            cursor=written(FORWARDS, "-signed_on", (books.FIRST_DAY.replace(year=2015), key)),
        ),
        PEER: lambda: peer(request).render().content, SQL: plain,
    }  # fmt: skip


def of_donors() -> Questions:
    """Keystrokes in the list of donors: the first ten of what is found."""
    user, today = User.objects.get(role="reviewer"), timezone.localdate()

    def key(text: str) -> Callable[[], Any]:
        def found() -> list[str]:
            search = DonorSearch({"q": text}, user=user)
            donors = search.found(Donor.objects.for_user(user, today).standing())
            rows = donors.select_related("contributor_type", "area__region", "focal_point")
            return [donor.name for donor in page_of(rows, 1, 10).items]

        return found

    typed = (
        "sweden", "Fundación Clima Lima 1", "ville logement bamako 1", "Город воды Ка",
        "Фонд жилья",
        "مدينة الإسكان Zanzibar 1", "السويد", "江河", "瑞典", "D4321",
    )  # fmt: skip
    return {**{f"“{text}”": key(text) for text in typed}, NOT_FOUND: key("Yverdon")}
