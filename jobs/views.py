"""How far a piece of work is."""

import uuid as uuids
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jobs.models import Job
from jobs.querysets import Person
from jobs.registry import UnknownKind, kind_called


@login_required
@require_safe
@never_cache
def job(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """The page of one job; with HTMX, the part of it that changes. Anybody else's is a 404."""
    found = get_object_or_404(Job.objects.for_user(cast(Person, request.user)), uuid=uuid)
    is_fragment = request.headers.get("HX-Request") == "true"
    template = "jobs/_progress.html" if is_fragment else "jobs/job.html"
    return render(request, template, {"job": found, "work": _title_of(found)})


def _title_of(job: Job) -> str:
    try:
        return str(kind_called(job.kind).title)
    except UnknownKind:
        return _("Work in the background")
