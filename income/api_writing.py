"""What programs write: the forms of the pages, filled in by JSON and judged by the same rules."""

import datetime
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from accounts.idempotency import HEADER, key_used
from accounts.models import User
from accounts.permissions import Permission
from income.acts import FORMS, POSTED_BY_JOB, title_typed
from income.errors import NotAllowed
from income.forms import FinanceForm
from income.models import Draft, Posting
from income.services import save_draft, submit_draft
from income.views.draft_edit import is_valid_instead
from income.views.entry import entry_books, typed_fields
from income.vocabulary import Act, DraftState
from interface.errors import PortalError
from interface.problems import Problem

ACTS = sorted(act for act in FORMS if act not in POSTED_BY_JOB)
NEW_CONTRIBUTIONS = (Act.RECORD_PLEDGE.value, Act.SIGN_AGREEMENT.value)
WRITTEN_STATES = (DraftState.OPEN.value, DraftState.SUBMITTED.value)
LONGEST_VALUE = 5000
_VERSION = re.compile(r'"([0-9]{1,8})"')
ONCE = OpenApiParameter(
    HEADER, OpenApiTypes.STR, OpenApiParameter.HEADER, required=True,
    description="1 to 80 letters; the same again gives the same answer.",
)  # fmt: skip
IF_MATCH = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True,
    description="The ETag of the version that you looked at.",
)  # fmt: skip
PROBLEM = OpenApiResponse(OpenApiTypes.OBJECT, "A problem: see Errors.")
REFUSALS = dict.fromkeys((400, 401, 403, 404, 409, 415, 422, 429), PROBLEM)
OF_A_VERSION = {**REFUSALS, 412: PROBLEM, 428: PROBLEM}
Fields = Mapping[str, str]


class FieldsWrong(PortalError):
    """What was filled in is not valid; `errors` has the sentences by field."""

    code = "not_valid"

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        super().__init__(" ".join(text for texts in errors.values() for text in texts))
        self.errors = errors


@extend_schema_field(
    {"oneOf": [{"type": "string"}, {"type": "integer"}, {"type": "boolean"},
               {"type": "array", "items": {"type": "string"}}]}
)  # fmt: skip
class Typed(serializers.Field[Any, Any, Any, Any]):
    """A field as it would be typed. Amounts and rates are texts, because texts are exact."""

    default_error_messages = {
        "invalid": gettext_lazy("Write a text; amounts too, such as “1234.50”."),
        "long": gettext_lazy("This is too long."),
    }

    def to_internal_value(self, data: Any) -> str:
        if isinstance(data, bool):
            return "on" if data else ""
        if isinstance(data, list) and all(isinstance(one, str) for one in data):
            data = ",".join(data)
        if not isinstance(data, str | int) or isinstance(data, Decimal):
            self.fail("invalid")
        if len(str(data)) > LONGEST_VALUE:
            self.fail("long")
        return str(data)

    def to_representation(self, value: Any) -> Any:
        return value


def fields_field(**more: Any) -> serializers.DictField:
    """The form's fields by name."""
    return serializers.DictField(child=Typed(allow_null=True), **more)


class NewDraft(serializers.Serializer[Any]):
    """An act to be written down. Open drafts may be incomplete; submitted ones must be valid."""

    act = serializers.ChoiceField(ACTS)
    fields_ = fields_field()
    state = serializers.ChoiceField(WRITTEN_STATES, default=DraftState.SUBMITTED.value)

    def get_fields(self) -> dict[str, Any]:
        """With `fields`, which is a word of the framework and cannot be an attribute."""
        own = super().get_fields()
        return {"act": own["act"], "fields": own["fields_"], "state": own["state"]}


class NewContribution(NewDraft):
    """A new pledge or agreement."""

    act = serializers.ChoiceField(NEW_CONTRIBUTIONS, default=Act.SIGN_AGREEMENT.value)


class ChangedDraft(serializers.Serializer[Any]):
    """Fields that are to be otherwise; an empty text or null removes one."""

    fields_ = fields_field(required=False)
    state = serializers.ChoiceField(WRITTEN_STATES, required=False)

    def get_fields(self) -> dict[str, Any]:
        own = super().get_fields()
        return {"fields": own["fields_"], "state": own["state"]}


class Reason(serializers.Serializer[Any]):
    """Why a draft goes back."""

    because = serializers.CharField(max_length=500)


class PostingPlace(serializers.ModelSerializer[Posting]):
    """Where a posting stands."""

    books = serializers.CharField(source="ledger.code", read_only=True)

    class Meta:
        model = Posting
        fields = ("books", "sequence")
        read_only_fields = fields


class DraftSerializer(serializers.ModelSerializer[Draft]):
    """What waits for review, or became of it. It counts in no figure until it is posted."""

    books = serializers.CharField(source="ledger.code", read_only=True)
    written_by = serializers.CharField(source="written_by.name", read_only=True)
    posting = PostingPlace(read_only=True, allow_null=True)

    class Meta:
        model = Draft
        fields = (
            "uuid", "books", "act", "title", "state", "version", "written_by", "written_at",
            "returned_because", "posting",
        )  # fmt: skip
        read_only_fields = fields

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "fields": fields_field(source="payload", read_only=True)}


def sent(request: Request, shape: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    """What was sent, as the serializer reads it. Raises ValidationError."""
    serializer = shape(data=request.data)
    serializer.is_valid(raise_exception=True)
    if isinstance(request.data, Mapping):
        unknown = sorted(set(map(str, request.data)) - set(serializer.get_fields()))
        if unknown:
            raise serializers.ValidationError({unknown[0][:40]: [_("There is no such field.")]})
    return dict(serializer.validated_data)


def etag(version: int) -> dict[str, str]:
    """The header by which a version is named."""
    return {"ETag": f'"{version}"'}


def refuse_other_version(request: Request, standing: int) -> None:
    """Raise Problem where If-Match is missing (428) or names another version (412)."""
    asked = request.headers.get("If-Match", "").strip()
    if not asked:
        raise Problem(428, _("Send the header If-Match with the ETag that you looked at."))
    match = _VERSION.fullmatch(asked)
    if match is None or int(match[1]) != standing:
        raise Problem(412, _("This was changed in the meantime. Look at it again, then decide."))


def write_draft(asked: Mapping[str, Any], *, token: str, today: datetime.date, by: User) -> Draft:
    """Write the act down as the pages do, once for the token. Raises FieldsWrong, NotAllowed."""
    books, act = entry_books(), Act(asked["act"])
    is_submitted = asked["state"] == DraftState.SUBMITTED
    form = filled_in(act, asked["fields"], books, today, token)
    refuse_unknown(form)
    if FORMS[act] is FinanceForm and not by.may(Permission.REVIEW_INCOME):
        raise NotAllowed(_("Only finance enters what finance reports."))
    if is_submitted:
        refuse_invalid(form, None)
    payload = typed_fields(form, form.data)
    write = submit_draft if is_submitted else save_draft
    draft = write(books, act=act, payload=payload, title=title_typed(form), token=token, by=by)
    if draft.payload != payload or draft.act != act:
        raise key_used()
    return draft


def filled_in(act: str, fields: Fields, books: Any, today: datetime.date, token: str) -> Any:
    """The form of the act with the fields; what is empty is left out, as the pages do."""
    data = {name: value for name, value in fields.items() if value}
    if "act" in FORMS[act].base_fields:
        data["act"] = str(act)
    form = FORMS[act](data, ledger=books, today=today)
    form.token = token  # compared with what waits for review besides
    return form


def refuse_unknown(form: Any) -> None:
    """Raise FieldsWrong for a field that the form has not: left out, it would be lost unseen."""
    if unknown := sorted(set(form.data) - set(form.fields)):
        raise FieldsWrong({name[:40]: [_("There is no such field.")] for name in unknown[:20]})


def refuse_invalid(form: Any, corrects: Posting | None) -> None:
    """Raise FieldsWrong with the form's own sentences."""
    if not is_valid_instead(form, corrects):
        raise FieldsWrong(
            {name: [str(text) for text in texts] for name, texts in form.errors.items()}
        )
