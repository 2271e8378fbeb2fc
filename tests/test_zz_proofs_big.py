import time, io, resource, datetime, pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from income.imports import services
from income.imports.checking import check
from income.imports.returning import error_workbook
from tests.income.imports.passes_cases import csv_of, plan, TODAY, FIELDS
@pytest.mark.django_db
@pytest.mark.parametrize("every", [20, 1])
def test_big(ledger, officer, every):
    rows=[("Sweden" if i%every or every==20 and i%20 else "Nobody known", "FNE", "2021-06-%02d"%(i%30+1), "SEK", str(1000+i), f"B-{i}") for i in range(100_000)]
    imp=services.read_in(SimpleUploadedFile("a.csv", csv_of(rows)), ledger=ledger, by=officer, name="a.csv", plan=plan())
    t=time.process_time(); r=check(imp, today=TODAY); print("check", time.process_time()-t, r.failing)
    m=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    t=time.process_time(); w=time.time(); f=error_workbook(imp, today=TODAY); d=f.read(); print("errors", time.process_time()-t, time.time()-w, len(d), "rss before", m//1024, "after", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss//1024)
