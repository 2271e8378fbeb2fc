"""The WSGI application that gunicorn serves. It does not start on a database it must not serve."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "habitat_portal.settings")
application = get_wsgi_application()

from django.conf import settings  # noqa: E402  there is nothing to read before the set-up above
from django.db import connections  # noqa: E402

from accounts.demonstration import refuse_start  # noqa: E402
from habitat_portal import telemetry  # noqa: E402

refuse_start(is_demo=settings.IS_DEMO)
telemetry.start()
connections.close_all()  # the server may fork; a connection belongs to one process
