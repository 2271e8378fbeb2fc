"""Drafts in the API: written, changed, submitted; approved or returned by somebody else."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import holds, person
from accounts.idempotency import once
from accounts.models import User
from accounts.permissions import Permission
from income.acts import POSTED_BY_JOB, post_draft, title_typed
from income.api import ContributionList
from income.api_writing import (
    ACTS,
    IF_MATCH,
    OF_A_VERSION,
    ONCE,
    REFUSALS,
    ChangedDraft,
    DraftSerializer,
    NewContribution,
    NewDraft,
    Reason,
    etag,
    filled_in,
    refuse_invalid,
    refuse_other_version,
    refuse_unknown,
    sent,
    write_draft,
)
from income.errors import NotAllowed
from income.imports.jobs import approve_later
from income.models import Draft
from income.querysets import DraftQuerySet
from income.services import approve_draft, return_draft
from income.services.drafts import correct_draft
from income.views.entry import typed_fields
from income.vocabulary import Act, DraftState
from interface.api import Listed, NewestFirst

ENTERS = [holds(Permission.ENTER_INCOME)]
REVIEWS = [holds(Permission.REVIEW_INCOME)]
SEES = [holds(Permission.ENTER_INCOME, Permission.REVIEW_INCOME)]
RELATED = ("ledger", "written_by", "posting__ledger", "corrects")


class DraftFilters(serializers.Serializer[Any]):
    """Each narrows the list."""

    state = serializers.ChoiceField(DraftState.choices, required=False)
    act = serializers.ChoiceField(ACTS, required=False)


def _drafts(user: User) -> DraftQuerySet:
    return Draft.objects.for_user(user).select_related(*RELATED)


def _own(request: Request, uuid: str) -> Draft:
    """One's own draft; Http404 for everything else, as the pages answer."""
    return get_object_or_404(_drafts(person(request)), uuid=uuid, written_by=person(request))


def told(draft: Draft, status: int = 200) -> Response:
    """The draft as it stands in the database, with its version and address."""
    now = Draft.objects.select_related(*RELATED).get(pk=draft.pk)
    place = {"Location": reverse("api_draft", args=[now.uuid])} if status == 201 else {}
    return Response(
        DraftSerializer(now).data, status=status, headers={**etag(now.version), **place}
    )


def _written(request: Request, shape: type[NewDraft]) -> Response:
    """Writes the draft down, once for the request's key."""

    def act(token: str) -> Response:
        draft = write_draft(
            sent(request, shape), token=token, today=timezone.localdate(), by=person(request)
        )
        return told(draft, 201)

    return once(request, act)


class DraftList(Listed[Draft]):
    """Your own drafts, the newest first; for reviewers also those that others submitted."""

    serializer_class = DraftSerializer
    filters = DraftFilters
    pagination_class = NewestFirst
    permission_classes = SEES
    follows_the_state = False

    def get_queryset(self) -> DraftQuerySet:
        return _drafts(person(self.request)).filter(**self.wanted())

    @extend_schema(
        request=NewDraft, parameters=[ONCE], responses={201: DraftSerializer, **REFUSALS}
    )
    def post(self, request: Request) -> Response:
        """Write an act down: the fields of its form as they would be typed on the page."""
        return _written(request, NewDraft)


class DraftDetail(generics.RetrieveAPIView[Draft]):
    """One draft. Its ETag names the version."""

    serializer_class = DraftSerializer
    permission_classes = SEES
    lookup_field = "uuid"

    def get_queryset(self) -> DraftQuerySet:
        return _drafts(person(self.request))

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return told(self.get_object())

    @extend_schema(
        request=ChangedDraft, parameters=[IF_MATCH],
        responses={200: DraftSerializer, **OF_A_VERSION},
    )  # fmt: skip
    def patch(self, request: Request, uuid: str) -> Response:
        """Change fields of your own draft that is not posted; its state stays unless you say so."""
        draft = _own(request, uuid)
        refuse_other_version(request, draft.version)
        return _rewritten(request, draft, **sent(request, ChangedDraft))


def _rewritten(
    request: Request, draft: Draft, *, fields: dict[str, Any] | None = None, state: str = ""
) -> Response:
    """The draft with other fields or in another state, through the same check as on its page."""
    if draft.act in POSTED_BY_JOB:
        raise NotAllowed("A file's draft is changed by its import.")
    stands = draft.state == DraftState.SUBMITTED
    for_later = state == DraftState.OPEN or not (state or stands)
    changed = {**draft.payload, **(fields or {})}
    form = filled_in(draft.act, changed, draft.ledger, timezone.localdate(), draft.token)
    refuse_unknown(form)
    if not for_later:
        refuse_invalid(form, draft.corrects)
    correct_draft(
        draft, act=Act(draft.act), payload=typed_fields(form, form.data), title=title_typed(form),
        version=draft.version, by=person(request), because=draft.because, for_later=for_later,
    )  # fmt: skip
    return told(draft)


class DraftSubmit(APIView):
    """Give your own draft to review."""

    permission_classes = ENTERS

    @extend_schema(
        request=None, parameters=[ONCE, IF_MATCH], responses={200: DraftSerializer, **OF_A_VERSION}
    )
    def post(self, request: Request, uuid: str) -> Response:
        draft = _own(request, uuid)

        def act(_token: str) -> Response:
            refuse_other_version(request, draft.version)
            return _rewritten(request, draft, state=DraftState.SUBMITTED)

        return once(request, act)


class DraftApprove(APIView):
    """Post what somebody else wrote. A file is posted by a job: then the state is `submitted`."""

    permission_classes = REVIEWS

    @extend_schema(
        request=None, parameters=[ONCE, IF_MATCH],
        responses={200: DraftSerializer, 202: DraftSerializer, **OF_A_VERSION},
    )  # fmt: skip
    def post(self, request: Request, uuid: str) -> Response:
        draft = get_object_or_404(_drafts(person(request)), uuid=uuid)

        def act(_token: str) -> Response:
            refuse_other_version(request, draft.version)
            return _approved(draft, person(request))

        return once(request, act)


def _approved(draft: Draft, by: User) -> Response:
    now = timezone.now()
    if draft.act in POSTED_BY_JOB:
        approve_later(draft, version=draft.version, by=by)
        return told(draft, 202)
    approve_draft(
        draft, version=draft.version, by=by, at=now,
        post_it=lambda locked, actors: post_draft(locked, actors, timezone.localdate(now)),
    )  # fmt: skip
    return told(draft)


class DraftReturn(APIView):
    """Send a draft back to who wrote it, with the reason."""

    permission_classes = REVIEWS

    @extend_schema(
        request=Reason, parameters=[ONCE, IF_MATCH],
        responses={200: DraftSerializer, **OF_A_VERSION},
    )  # fmt: skip
    def post(self, request: Request, uuid: str) -> Response:
        draft = get_object_or_404(_drafts(person(request)), uuid=uuid)

        def act(_token: str) -> Response:
            refuse_other_version(request, draft.version)
            because = sent(request, Reason)["because"]
            by = person(request)
            return_draft(draft, because=because, version=draft.version, by=by, at=timezone.now())
            return told(draft)

        return once(request, act)


class Contributions(ContributionList):
    """The contributions you may see in one set of books, the newest first."""

    def get_permissions(self) -> list[Any]:
        """Reading is open to more people than writing."""
        if self.request.method == "POST":
            return [one() for one in ENTERS]
        return list(super().get_permissions())

    @extend_schema(
        request=NewContribution, parameters=[ONCE], responses={201: DraftSerializer, **REFUSALS}
    )
    def post(self, request: Request) -> Response:
        """Write down a new pledge or agreement: makes its draft, which another person approves."""
        return _written(request, NewContribution)
