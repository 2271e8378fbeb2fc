"""Addresses of questions about figures."""

from django.urls import path

from reports.views import questions

urlpatterns = [
    path("", questions.question_list, name="question_list"),
    path("about/<slug:code>/", questions.question_new, name="question_new"),
    path("<uuid:uuid>/", questions.question, name="question"),
    path("<uuid:uuid>/answer/", questions.question_answer, name="question_answer"),
]
