import datetime
from decimal import Decimal
import pytest
from django.utils import timezone
from django.core.files.uploadedfile import SimpleUploadedFile
from income.imports import services
from income.imports.choices import Choices
from income.imports.plan import Plan
from income.imports.undoing import ask_to_undo, undo_import
from income.models import *
from income.services import *
from income.vocabulary import *
from income.periods import YearMonth
from tests.income.imports.passes_cases import *
from tests import factories
D=Decimal
pytestmark=[pytest.mark.django_db]
NOBODY = ("Nowhere Trust", "FNE", "2021-07-02", "USD", "10", "B-4")
def undone(draft, by, today=TODAY):
    approve_draft(draft, version=draft.version, by=by, at=timezone.now(),
        post_it=lambda locked, actors: undo_import(locked, actors, today=today)[0])
import cProfile, pstats, time, io, csv
def prof(f, n=14):
    p=cProfile.Profile(); p.enable(); t=time.process_time(); r=f(); t=time.process_time()-t; p.disable()
    s=io.StringIO(); pstats.Stats(p,stream=s).sort_stats("cumulative").print_stats(n+16); print("CPU",t); print("\n".join(l[:150] for l in s.getvalue().splitlines()[6:]))
    return r
def test_names(ledger, officer):
    import random
    rnd=random.Random(1)
    words=["Trust","Fund","Association","University","of","Nairobi","Green","River","House","Friends","Foundation","Bank","Ltd","Ministry","Water"]
    for N in (1000,4000):
        rows=[(" ".join(rnd.choices(words,k=4))+f" {i} "+"y"*200,"FNE","2021-06-03","USD",f"{i+1}",f"M-{i}") for i in range(N)]
        imp=brought(ledger, officer, rows)
        t=time.process_time(); checked(imp); print(N, time.process_time()-t)
    prof(lambda: checked(imp))
def test_cols(ledger, officer):
    heads=["donor","fund","date","currency","amount","reference"]+[f"<b>extra {i}</b>" for i in range(294)]
    rows=[("Sweden",f"fund <i>{i}</i>","2021-06-03","USD","5",f"{i}")+tuple(f"<script>{j}" for j in range(294)) for i in range(800)]
    out=io.StringIO(); csv.writer(out).writerows([heads,*rows])
    imp=services.read_in(SimpleUploadedFile("w.csv", out.getvalue().encode()), ledger=ledger, by=officer, name="w.csv")
    from django.test import Client
    from income.views import imports as v
    v.entry_books=lambda: ledger
    c=Client(); c.force_login(officer)
    prof(lambda: c.get(f"/income/imports/{imp.uuid}/columns/"))
