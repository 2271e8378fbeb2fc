"""A few rows each of files whose layouts come with the portal.

FTS: OCHA Financial Tracking Service 2020 flows, via github OCHA-DAP/hdx-scraper-fts@66bade1.
CEB: UN CEB financial statistics (unsceb.org), via github un-fck/open.unfck.org@052fc73.
"""
# ruff: noqa: E501  rows of files stand as they come

import csv

_FTS = """\
id,date,decisionDate,firstReportedDate,status,flowType,boundary,onBoundary,contributionType,method,srcOrganization,srcOrganizationTypes,destOrganization,destOrganizationTypes,destLocations,destGlobalClusters,destPlanCode,budgetYear,description,amountUSD,originalAmount,originalCurrency,exchangeRate,refCode,keywords,source
227992,2021-02-16,2020-05-13,2021-02-11,paid,Standard,incoming,single,financial,Traditional aid,"Canada, Government of",Government,Jordan Humanitarian Fund,Pooled fund,JOR,,RSYR20,,Contribution to OCHA pooled funding,725689,1000000,CAD,1.378,P009530001,,OCHA
212481,2020-06-19,2020-06-19,2020-06-15,commitment,Standard,incoming,single,financial,Traditional aid,"Japan, Government of",Government,United Nations Office for Project Services,UN agency,JOR,Multi-sector,RSYR20,2020,Support to UNOPS in Jordan,1363636,,,,,,OCHA
"""
_CEB = """\
year,donor,iso3,fund,amount_usd,source,contributor_type,ceb_revenue_type,ceb_code
2010,United Nations,,FE_TC,13574363,UN CEB,Non-government (legacy code),Voluntary earmarked,R03
2013,Norway,NOR,FNE,1234567.5,UN CEB,Government,Voluntary un-earmarked,R02
"""
_AGENCIES = """\
entity,year,donor,iso3,fund,amount_usd,source,contributor_type,ceb_revenue_type,ceb_code
UNEP,2013,World Bank Group,,FE_TC,74696865,CEB,Non-government (legacy code),Voluntary earmarked,R03
UNEP,2013,Norway,NOR,FE_TC,60900373.92,CEB,Government,Voluntary earmarked,R03
"""


def _rows(text):
    return [[cell or None for cell in row] for row in csv.reader(text.splitlines())]


FTS, CEB, AGENCIES = _rows(_FTS), _rows(_CEB), _rows(_AGENCIES)
