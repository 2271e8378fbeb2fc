"""probes"""
import datetime, threading
from decimal import Decimal
import pytest
from django.urls import reverse
from django.core.files.uploadedfile import SimpleUploadedFile
from income.imports import services
from income.imports.choices import Choices
from income.imports.plan import Plan
from income.models import *
from tests.income.imports.passes_cases import *
from tests import factories
D=Decimal
pytestmark=[pytest.mark.django_db]

@pytest.fixture
def login(client, officer):
    client.force_login(officer); return client

def test_paste_newline(client, officer, ledger, monkeypatch, settings):
    from income.views import imports as v
    monkeypatch.setattr(v,"entry_books",lambda: ledger)
    client.force_login(officer)
    r=client.post("/income/imports/paste/", {"name":"a\r\nSet-Cookie: x=1\r\n\u202ecsv.exe", "rows":"donor\tamount\nSweden\t5\n"})
    print(r.status_code, r.headers.get("Location"))
    imp=Import.objects.get()
    print(repr(imp.file_name))
    r=client.get(f"/income/imports/{imp.uuid}/file/")
    print(r.status_code, r.headers)
    r=client.get(f"/income/imports/{imp.uuid}/errors.xlsx")
    print(r.status_code, r.headers)

@pytest.mark.parametrize("name",["../../etc/passwd.csv","..\\..\\x.csv","a\u202e\x07b.csv","x"*300+".csv","<script>alert(1)</script>.csv",'a"; filename="evil.html.csv',"=cmd|' /C calc'!A0.csv","page.html", ""])
def test_names(client, officer, ledger, monkeypatch,name):
    from income.views import imports as v
    monkeypatch.setattr(v,"entry_books",lambda: ledger)
    client.force_login(officer)
    f=SimpleUploadedFile("x.csv", b"<script>,amount\n<b>Sweden</b>,5\n")
    f._name=name
    import unittest.mock
    try:
        r=client.post("/income/imports/new/", {"file":f})
    except Exception as e:
        print("EXC",repr(e)); return
    imp=Import.objects.first()
    print(r.status_code, repr(name)[:60], imp and (repr(imp.file_name)[:80], imp.file.name))
    if imp:
        r=client.get(f"/income/imports/{imp.uuid}/file/")
        print(r.headers["Content-Disposition"][:160], r.headers["Content-Type"], r.headers.get("X-Content-Type-Options"))
        r=client.get(f"/income/imports/{imp.uuid}/columns/")
        assert b"<script>alert" not in r.content and b"<b>Sweden" not in r.content
        r=client.get(f"/income/imports/{imp.uuid}/")
        assert b"<script>alert" not in r.content
