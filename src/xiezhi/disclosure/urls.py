"""Addresses below ``/console/disclosure/``."""

from django.urls import path

from .views import objections, pages, together, work

app_name = "disclosure"
urlpatterns = [
    path("", work.Publications.as_view(), name="publications"),
    path("sign/", together.SignTogether.as_view(), name="sign-together"),
    path("objections/", objections.Objections.as_view(), name="objections"),
    path("objections/<uuid:objection>/", objections.ObjectionPage.as_view(), name="objection"),
    path("objections/<uuid:objection>/answer/", objections.Answer.as_view(), name="answer"),
    path("<uuid:publication>/", pages.PublicationPage.as_view(), name="publication"),
    path("<uuid:publication>/prepare/", pages.Prepare.as_view(), name="prepare"),
    path("<uuid:publication>/sign/", pages.Sign.as_view(), name="sign"),
    path("<uuid:publication>/return/", pages.Return.as_view(), name="return"),
    path("<uuid:publication>/correct/", pages.Correct.as_view(), name="correct"),
    path("<uuid:publication>/withdraw/", pages.Withdraw.as_view(), name="withdraw"),
    path("<uuid:publication>/deliveries/<uuid:delivery>/", pages.Report.as_view(), name="report"),
]
