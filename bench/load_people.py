"""Makes the stack of bench/load.py ready: tables, the audited revenue, and people signed in.

Runs in the stack's own environment; READERS Board members, OFFICERS officers and as many reviewers.
Their sessions go to people.json in the data directory.
"""

import json
import os

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import transaction  # noqa: E402

from tests.stack.people import prepare, sign_in  # noqa: E402

prepare()
wanted = {"board": "READERS", "officer": "OFFICERS", "reviewer": "OFFICERS"}
with transaction.atomic():
    people = {
        role: [sign_in(role, number) for number in range(int(os.environ[name]))]
        for role, name in wanted.items()
    }
(settings.PORTAL_DATA_DIR / "people.json").write_text(json.dumps(people))
