"""What the Board was told, what was published, and one's own jobs, in the API."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from rest_framework import serializers

from accounts.api import holds, person
from accounts.permissions import Permission
from income.api_asking import BooksField, with_books
from income.models import Ledger
from interface.api import Listed, One
from jobs.models import Job
from reports.models import (
    MonthlyUpdate,
    Publication,
    PublicationFile,
    PublicationKind,
    PublicationState,
    UpdateFile,
    UpdateState,
    UpdateStatus,
)

BOARD = [holds(Permission.VIEW_BOARD)]
EVERYBODY = [holds(Permission.VIEW_BOARD, Permission.VIEW_OWN_DONORS)]


class UpdateFileSerializer(serializers.ModelSerializer[UpdateFile]):
    """A file as it was stored: its hash, and where it can be had."""

    address = serializers.SerializerMethodField()

    class Meta:
        model = UpdateFile
        fields = ("name", "content_type", "language", "sha256", "address")
        read_only_fields = fields

    def get_address(self, file: UpdateFile) -> str:
        return reverse("update_file", args=[file.update.uuid, file.name])


class UpdateSerializer(serializers.ModelSerializer[MonthlyUpdate]):
    """The update of one closed month, made from one state of the books."""

    books = serializers.SlugRelatedField[Ledger](source="ledger", slug_field="code", read_only=True)
    month = serializers.CharField(source="as_at.slug", read_only=True)
    files = UpdateFileSerializer(many=True, read_only=True)

    class Meta:
        model = MonthlyUpdate
        fields = (
            "uuid", "books", "month", "status", "target_set", "sequence", "hash", "known_on",
            "published_at", "files",
        )  # fmt: skip
        read_only_fields = fields


class UpdateFilters(serializers.Serializer[Any]):
    """Each narrows the list."""

    books = BooksField()
    status = serializers.ChoiceField(UpdateStatus.choices, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return with_books(attrs)


def _updates() -> QuerySet[MonthlyUpdate]:
    files = UpdateFile.objects.defer("content").select_related("update")
    published = MonthlyUpdate.objects.filter(state=UpdateState.PUBLISHED)
    return published.select_related("ledger").prefetch_related(Prefetch("files", files))


class UpdateList(Listed[MonthlyUpdate]):
    """The monthly updates that were published, the newest first."""

    serializer_class = UpdateSerializer
    filters = UpdateFilters
    sorts = {"month": "month", "published_at": "published_at"}
    sort = "-month"
    permission_classes = BOARD

    def get_queryset(self) -> QuerySet[MonthlyUpdate]:
        wanted = self.wanted()
        return _updates().filter(ledger=wanted.pop("books"), **wanted)


class UpdateDetail(One[MonthlyUpdate]):
    """One monthly update."""

    serializer_class = UpdateSerializer
    permission_classes = BOARD
    lookup_field = "uuid"

    def get_queryset(self) -> QuerySet[MonthlyUpdate]:
        return _updates()


class PublicationFileSerializer(serializers.ModelSerializer[PublicationFile]):
    """A file as it was stored, with its hash."""

    class Meta:
        model = PublicationFile
        fields = ("name", "content_type", "byte_count", "sha256")
        read_only_fields = fields


class PublicationSerializer(serializers.ModelSerializer[Publication]):
    """The files of one standard, made from one state of the books."""

    books = serializers.SlugRelatedField[Ledger](source="ledger", slug_field="code", read_only=True)
    month = serializers.CharField(source="as_at.slug", read_only=True)
    files = PublicationFileSerializer(many=True, read_only=True)

    class Meta:
        model = Publication
        fields = ("uuid", "books", "kind", "month", "sequence", "hash", "published_at", "files")
        read_only_fields = fields


class PublicationFilters(serializers.Serializer[Any]):
    """Each narrows the list."""

    books = BooksField()
    kind = serializers.ChoiceField(PublicationKind.choices, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return with_books(attrs)


def _publications() -> QuerySet[Publication]:
    published = Publication.objects.filter(state=PublicationState.PUBLISHED)
    return published.select_related("ledger").prefetch_related("files")


class PublicationList(Listed[Publication]):
    """What was published after a standard, the newest first."""

    serializer_class = PublicationSerializer
    filters = PublicationFilters
    sorts = {"month": "month", "published_at": "published_at"}
    sort = "-month"
    permission_classes = BOARD

    def get_queryset(self) -> QuerySet[Publication]:
        wanted = self.wanted()
        return _publications().filter(ledger=wanted.pop("books"), **wanted)


class PublicationDetail(One[Publication]):
    """One publication."""

    serializer_class = PublicationSerializer
    permission_classes = BOARD
    lookup_field = "uuid"

    def get_queryset(self) -> QuerySet[Publication]:
        return _publications()


class OwnJobSerializer(serializers.ModelSerializer[Job]):
    """Work that takes longer than a request: how far it is, and what came of it."""

    percent = serializers.IntegerField(read_only=True)

    class Meta:
        model = Job
        fields = (
            "uuid", "kind", "state", "percent", "sentence", "created_at", "started_at",
            "finished_at",
        )  # fmt: skip
        read_only_fields = fields


class JobList(Listed[Job]):
    """The jobs that you asked for, the newest first."""

    serializer_class = OwnJobSerializer
    sorts = {"created_at": "created_at"}
    sort = "-created_at"
    permission_classes = EVERYBODY
    follows_the_state = False  # it goes on without an act of anybody

    def get_queryset(self) -> QuerySet[Job]:
        self.wanted()
        return Job.objects.filter(asked_by=person(self.request))


class JobDetail(One[Job]):
    """One job of your own."""

    serializer_class = OwnJobSerializer
    permission_classes = EVERYBODY
    lookup_field = "uuid"
    follows_the_state = False

    def get_queryset(self) -> QuerySet[Job]:
        return Job.objects.filter(asked_by=person(self.request))
