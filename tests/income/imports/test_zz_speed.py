import time, sys, datetime, cProfile, pstats
from decimal import Decimal
import pytest
pytestmark = pytest.mark.django_db
from income.imports.sources import SourceRow
from tests.income.imports.judging_cases import judge_of
import resource
def run(ledger, kind, fields, rows, n=50000, profile=False):
    judge = judge_of(ledger, fields, kind=kind, today=datetime.date(2026,1,1))
    src=[SourceRow(i+2, rows[i%len(rows)][:]) for i in range(n)]
    for s in src[:2000]: judge.row(s)
    if profile:
        pr=cProfile.Profile(); pr.enable()
        for s in src[:20000]: judge.row(s)
        pr.disable(); pstats.Stats(pr).sort_stats("tottime").print_stats(28)
    best=9
    for k in range(3):
        t=time.process_time()
        for s in src[k*n//3:(k+1)*n//3]:
            j=judge.row(s)
            assert j.accepted, j.problems
        best=min(best,(time.process_time()-t)/(n//3))
    return best*1e6
def test_speed(ledger):
    import random
    random.seed(1)
    donors=["Sweden","Norway","Germany","Japan","Canada","United States of America","Switzerland","Kenya"]
    aud=[[random.choice(donors), str(random.randint(2010,2021)), random.choice(["FE_TC","FNE","RB","OTHER"]), "%.2f"%random.uniform(1,1e7), random.choice(["R01","R02","R03"])] for _ in range(5000)]
    print("audited text", run(ledger,"audited",["donor","year","fund","amount_usd","instrument"],aud))
    aud2=[[r[0],float(r[1]),r[2],float(r[3]),r[4]] for r in aud]
    print("audited xlsx", run(ledger,"audited",["donor","year","fund","amount_usd","instrument"],aud2))
    gift=[[random.choice(donors),(datetime.date(2019,1,1)+datetime.timedelta(random.randint(0,900))).isoformat(),random.choice(["FE","FNE","TC"]),"%.2f"%random.uniform(1,1e7),random.choice(["USD","EUR","SEK"]),"Ref %d"%i,"Adequate housing %d"%i] for i in range(5000)]
    print("gift text", run(ledger,"receipt",["donor","date","fund","amount","currency","reference","title"],gift,profile=False))
    m=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(m)
def test_sister(ledger):
    import csv, collections
    rows=list(csv.reader(open("/work/shared/data/sister_agency_income_by_donor.csv",encoding="utf-8-sig")))
    from income.imports.choices import Choices
    fields=["entity","year","donor","iso3","fund","amount_usd","title","contributor_type","note","instrument"]
    ents=sorted({r[0] for r in rows[1:]})
    ch=Choices(books={e.lower():{"new":{"code":"X"+str(i),"name":e}} for i,e in enumerate(ents)})
    judge=judge_of(ledger,fields,kind="audited",today=datetime.date(2026,1,1),choices=ch)
    c=collections.Counter(); t=time.process_time(); ex={}
    for n,r in enumerate(rows[1:],2):
        j=judge.row(SourceRow(n,list(r)))
        c["accepted" if j.accepted and not j.is_stopped else "not"]+=1
        for p in j.problems: c[p.code]+=1; ex.setdefault(p.code,(p.sentence,p.value))
    print(c,(time.process_time()-t)/len(rows)*1e6,"us"); print(ex); print(len(judge.unknown_donors))
