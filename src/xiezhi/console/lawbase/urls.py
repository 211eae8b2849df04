"""Addresses of the law's pages, below ``/console/law/``."""

from django.urls import path

from . import calculator, calendars, entries, items

urlpatterns = [
    path("", items.Items.as_view(), name="law_items"),
    path("pending/", items.Pending.as_view(), name="law_pending"),
    path("items/<uuid:item>/", items.Item.as_view(), name="law_item"),
    path("items/<uuid:item>/confirm/", entries.Confirm.as_view(), name="law_confirm"),
    path("items/<uuid:item>/correct/", entries.Correct.as_view(), name="law_correct"),
    path("items/<uuid:item>/own/", entries.OwnFigure.as_view(), name="law_own_figure"),
    path("confirmations/<uuid:confirmation>/withdraw/", entries.Withdraw.as_view(), name="law_withdraw"),
    path("deadlines/", calculator.Deadlines.as_view(), name="law_deadlines"),
    path("deadlines/calculator/", calculator.Calculator.as_view(), name="law_calculator"),
    path("calendar/", calendars.Year.as_view(), name="law_calendar"),
    path("calendar/load/", calendars.Load.as_view(), name="law_calendar_load"),
    path("calendar/notices/<uuid:item>/withdraw/", calendars.Withdraw.as_view(), name="law_notice_withdraw"),
]
