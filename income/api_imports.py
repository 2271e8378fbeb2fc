"""Files in the API: brought in, checked, decided on, submitted, as on the page of imports."""

from dataclasses import replace
from typing import Any

from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import person
from accounts.idempotency import once
from accounts.models import User
from income.api_drafts import ENTERS, SEES
from income.api_writing import (
    IF_MATCH,
    OF_A_VERSION,
    ONCE,
    REFUSALS,
    FieldsWrong,
    PostingPlace,
    etag,
    refuse_other_version,
    sent,
)
from income.forms.imports import FileForm
from income.imports import states
from income.imports.choices import LEAVE_OUT, POST, Choices
from income.imports.jobs import check_later
from income.imports.loading import refuse_doubts
from income.imports.services import change_choices, read_in, submit
from income.models import Import, ImportLayout
from income.views.entry import entry_books
from interface.api import Listed, NewestFirst
from jobs.models import Job


class NewImport(serializers.Serializer[Any]):
    """A file, and how to read it where that is not certain."""

    file = serializers.FileField(
        allow_empty_file=True,  # the reading says what is wrong with it
        help_text="As on the page: up to 50 MB and 100,000 rows.",
    )  # fmt: skip
    layout = serializers.SlugRelatedField(
        slug_field="name", queryset=ImportLayout.objects.all(), required=False,
        help_text="Name of a saved layout of columns.",
    )  # fmt: skip
    as_proposed = serializers.BooleanField(
        default=False, help_text="Read the columns as the portal proposes, also where it doubts."
    )


class JobSerializer(serializers.ModelSerializer[Job]):
    """How far the work on it is."""

    done = serializers.IntegerField(source="percent", read_only=True, help_text="Per cent.")

    class Meta:
        model = Job
        fields = ("uuid", "kind", "state", "done", "sentence")
        read_only_fields = fields


class ImportLine(serializers.ModelSerializer[Import]):
    """One file of the list."""

    books = serializers.CharField(source="ledger.code", read_only=True)
    state = serializers.SerializerMethodField()

    class Meta:
        model = Import
        fields: tuple[str, ...] = (
            "uuid", "books", "file_name", "byte_count", "sha256", "state", "version",
            "uploaded_at", "checked_at",
        )  # fmt: skip
        read_only_fields = fields

    def get_state(self, import_: Import) -> str:
        return states.state_of(import_).value


class ImportSerializer(ImportLine):
    """One file: how it is read, what was chosen, what its last check found, what became of it."""

    job = JobSerializer(read_only=True, allow_null=True)
    draft = serializers.SlugRelatedField(slug_field="uuid", read_only=True, allow_null=True)  # type: ignore[var-annotated]
    plan = serializers.DictField(read_only=True)
    choices = serializers.DictField(read_only=True)
    found = serializers.DictField(read_only=True, help_text="The report of the last check.")
    postings = PostingPlace(many=True, read_only=True)

    class Meta(ImportLine.Meta):
        fields = (*ImportLine.Meta.fields, "job", "draft", "plan", "choices", "found", "postings")
        read_only_fields = fields


class NewDonor(serializers.Serializer[Any]):
    """A donor to be made when the file is posted."""

    code = serializers.CharField(max_length=60)
    name = serializers.CharField(max_length=200)
    contributor_type = serializers.CharField(max_length=20)
    iso3 = serializers.CharField(max_length=3, allow_blank=True, default="")


class NewBooks(serializers.Serializer[Any]):
    """Books to be opened when the file is posted."""

    code = serializers.CharField(max_length=20)
    name = serializers.CharField(max_length=200)


def _one_of(attrs: dict[str, Any], *names: str) -> dict[str, Any]:
    """Exactly one of the choices."""
    if sum(bool(attrs.get(name)) for name in names) != 1:
        raise serializers.ValidationError(f"Choose one of: {', '.join(names)}.")
    return {name: value for name, value in attrs.items() if value}


class ChosenDonor(serializers.Serializer[Any]):
    """Who a name is: a donor, a new one, or nobody whose rows are wanted."""

    donor = serializers.CharField(max_length=60, required=False)
    text = serializers.CharField(max_length=300, required=False)
    once = serializers.BooleanField(required=False)
    new = NewDonor(required=False)
    leave_out = serializers.BooleanField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return _one_of(attrs, "donor", "new", "leave_out")


class ChosenBooks(serializers.Serializer[Any]):
    """Which books a text of the file means."""

    books = serializers.CharField(max_length=20, required=False)
    new = NewBooks(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return _one_of(attrs, "books", "new")


class ChangedChoices(serializers.Serializer[Any]):
    """What is decided otherwise; names that are not told stay as they were decided."""

    donors = serializers.DictField(child=ChosenDonor(), required=False)
    books = serializers.DictField(child=ChosenBooks(), required=False)
    similar = serializers.ChoiceField([LEAVE_OUT, POST], required=False)
    because = serializers.CharField(max_length=300, required=False, allow_blank=True)


def _imports() -> Any:
    return Import.objects.filter(ledger=entry_books()).select_related(*states.RELATED)


def told(import_: Import, status: int = 200) -> Response:
    """The import as it stands in the database, with its version and address."""
    now = Import.objects.select_related(*states.RELATED).get(pk=import_.pk)
    place = {"Location": reverse("api_import", args=[now.uuid])} if status == 201 else {}
    headers = {**etag(now.version), **place}
    return Response(ImportSerializer(now).data, status=status, headers=headers)


class ImportList(Listed[Import]):
    """The files of the books that entries go to, the newest first."""

    serializer_class = ImportLine
    pagination_class = NewestFirst
    parser_classes = [MultiPartParser]
    follows_the_state = False

    def get_permissions(self) -> list[Any]:
        """Reviewers see files; who enters income brings them in."""
        return [one() for one in (SEES if self.request.method in SAFE_METHODS else ENTERS)]

    def get_queryset(self) -> Any:
        self.wanted()
        return _imports()

    @extend_schema(
        request={"multipart/form-data": NewImport}, parameters=[ONCE],
        responses={201: ImportSerializer, **REFUSALS},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Bring a file in; a job checks it, and its report stands at the import's address."""

        def act(_token: str) -> Response:
            return told(_brought_in(request, person(request)), 201)

        return once(request, act)


def _brought_in(request: Request, by: User) -> Import:
    """The file, kept and on its way to be checked. Where it is refused no bytes are left."""
    sent_along: Any = request.data
    given = {name: value for name, value in sent_along.items() if name != "file"}
    form = FileForm(QueryDict(), request.FILES)
    if not form.is_valid():
        raise FieldsWrong({name: [str(text) for text in of] for name, of in form.errors.items()})
    how = NewImport(data={**given, "file": form.cleaned_data["file"]})
    how.is_valid(raise_exception=True)
    import_ = read_in(
        form.cleaned_data["file"], ledger=entry_books(), by=by, name=form.name_of_file
    )
    try:
        refuse_doubts(
            import_, layout=how.validated_data.get("layout"),
            takes_proposal=how.validated_data["as_proposed"], by=by,
        )  # fmt: skip
        check_later(import_, by=by)
    except BaseException:
        import_.file.storage.delete(import_.file.name or "")
        raise
    return import_


class ImportDetail(generics.RetrieveAPIView[Import]):
    """One file with its state and the report of its check. Its ETag names the version."""

    serializer_class = ImportSerializer
    permission_classes = SEES
    lookup_field = "uuid"

    def get_permissions(self) -> list[Any]:
        return [one() for one in (SEES if self.request.method in SAFE_METHODS else ENTERS)]

    def get_queryset(self) -> Any:
        return _imports()

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return told(self.get_object())

    @extend_schema(
        request=ChangedChoices, parameters=[IF_MATCH],
        responses={200: ImportSerializer, **OF_A_VERSION},
    )  # fmt: skip
    def patch(self, request: Request, uuid: str) -> Response:
        """Decide about names, books, rows that look alike and late rows; it is checked again."""
        import_: Import = self.get_object()
        refuse_other_version(request, import_.version)
        choices = _chosen(Choices.of_json(import_.choices), sent(request, ChangedChoices))
        change_choices(import_, choices, version=import_.version, by=person(request))
        check_later(import_, by=person(request))
        return told(import_)


def _chosen(before: Choices, changed: dict[str, Any]) -> Choices:
    """The choices with what was sent in place of what stood; a donor keeps the file's own text."""
    donors = {
        key: {"text": key, **one} if "donor" in one else dict(one)
        for key, one in changed.pop("donors", {}).items()
    }
    books = {key: dict(one) for key, one in changed.pop("books", {}).items()}
    return replace(
        before, donors={**before.donors, **donors}, books={**before.books, **books}, **changed
    )


class ImportCheck(APIView):
    """Check the file again, with the books as they are now."""

    permission_classes = ENTERS

    @extend_schema(request=None, parameters=[ONCE], responses={202: ImportSerializer, **REFUSALS})
    def post(self, request: Request, uuid: str) -> Response:
        import_ = get_object_or_404(_imports(), uuid=uuid)

        def act(_token: str) -> Response:
            check_later(import_, by=person(request))
            return told(import_, 202)

        return once(request, act)


class ImportSubmit(APIView):
    """Give what the last check found to review; `draft` is then what another person approves."""

    permission_classes = ENTERS

    @extend_schema(
        request=None, parameters=[ONCE, IF_MATCH],
        responses={200: ImportSerializer, **OF_A_VERSION},
    )  # fmt: skip
    def post(self, request: Request, uuid: str) -> Response:
        import_ = get_object_or_404(_imports(), uuid=uuid)

        def act(_token: str) -> Response:
            refuse_other_version(request, import_.version)
            submit(import_, version=import_.version, by=person(request))
            return told(import_)

        return once(request, act)
