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
import time, resource, json
def test_many_names(ledger, officer, reviewer):
    N=100000
    import random
    rnd=random.Random(1)
    words=["Trust","Fund","Association","University","of","Nairobi","Green","River","House","Friends","Foundation","Bank","Ltd","Ministry","Water"]
    rows=[(" ".join(rnd.choices(words,k=4))+f" {i} "+"y"*200,"FNE","2021-06-03","USD",f"{i+1}",f"M-{i} {'z'*50}") for i in range(N)]
    t=time.time(); imp=brought(ledger, officer, rows); print("brought", time.time()-t)
    t=time.time(); r=checked(imp); print("checked", time.time()-t, r.rows,r.failing,len(r.problems),len(r.unknown_donors), "json", len(json.dumps(imp.found)), "rss", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss//1024)
    from django.test import Client
    c=Client(); c.force_login(officer)
    from income.views import imports as v
    v.entry_books=lambda: ledger
    for u in ("/income/imports/", f"/income/imports/{imp.uuid}/", f"/income/imports/{imp.uuid}/names/"):
        t=time.time(); x=c.get(u); print(u[-12:], x.status_code, len(x.content), time.time()-t)
    t=time.time(); x=c.get(f"/income/imports/{imp.uuid}/columns/"); print("columns", x.status_code, len(x.content), time.time()-t)

def test_cols(ledger, officer):
    # 300 columns, and words
    heads=["donor","fund","date","currency","amount","reference"]+[f"<b>extra {i}</b>" for i in range(294)]
    rows=[("Sweden",f"fund <i>{i}</i>","2021-06-03","USD","5",f"{i}")+tuple(f"<script>{j}" for j in range(294)) for i in range(800)]
    import csv, io
    out=io.StringIO(); csv.writer(out).writerows([heads,*rows])
    imp=services.read_in(SimpleUploadedFile("w.csv", out.getvalue().encode()), ledger=ledger, by=officer, name="w.csv")
    from django.test import Client
    from income.views import imports as v
    v.entry_books=lambda: ledger
    c=Client(); c.force_login(officer)
    t=time.time(); x=c.get(f"/income/imports/{imp.uuid}/columns/"); body=x.content.decode(); print("columns", x.status_code, len(body), time.time()-t)
    import re
    print(len(re.findall(r"<(select|input|textarea) ",body)), "<script>5" in body, "<b>extra" in body)
    form=x.context["form"]; typed={n: form[n].value() or "" for n in form.fields}
    x=c.post(f"/income/imports/{imp.uuid}/columns/", {**typed,"asked":list(form.words),"kind":"receipt"}); print("post", x.status_code, len(typed))

def test_old_dates_in_errors(ledger, officer):
    from income.imports.marking import write_marked
    from income.imports.sources import SourceRow
    import io
    class Sh:
        name="a"
        def rows(self): 
            yield SourceRow(1,["a","b"]); yield SourceRow(2,[datetime.date(1,1,1),datetime.datetime(1899,12,30),datetime.time(3,4),datetime.timedelta(days=2), datetime.datetime(2020,1,1,tzinfo=datetime.UTC), 1e308, D("1e-30"), True, "x"*40000])
            yield SourceRow(1048577,["late"]) 
    class So:
        sheets=(Sh(),); kind="ods"; encoding=""; delimiter=""
    try:
        write_marked(So(), {}, 1, io.BytesIO()); print("ok")
    except Exception as e:
        import traceback; traceback.print_exc()
