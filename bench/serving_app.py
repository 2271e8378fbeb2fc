"""The portal as servers serve it, with one address more: `/hello/`, which knows who is signed in.

It stands behind the whole of the portal's middleware. An act of the set-up settles at once.
"""

import datetime
import logging
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "habitat_portal.settings")

from habitat_portal.wsgi import application

__all__ = ["application"]

from django.http import HttpRequest, HttpResponse
from django.urls import clear_url_caches, path

from habitat_portal import urls
from reports import api_state


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"Hello {request.user.pk}", content_type="text/plain")


urls.urlpatterns.append(path("hello/", hello, name="hello"))
clear_url_caches()
api_state.SETTLES_AFTER = api_state.COMMAND_SETTLES_AFTER = datetime.timedelta(0)
logging.disable(logging.INFO)  # a line for each request would measure the terminal
