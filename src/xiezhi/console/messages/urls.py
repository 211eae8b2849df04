"""Addresses of the messages' pages."""

from django.urls import path

from . import views

urlpatterns = [
    path("notifications/", views.Inbox.as_view(), name="notifications"),
    path("notifications/read/", views.ReadAll.as_view(), name="notifications_read"),
    path("notifications/<uuid:notification>/", views.Open.as_view(), name="notification"),
    path("messages/", views.Messages.as_view(), name="messages"),
    path("messages/<uuid:message>/", views.MessagePage.as_view(), name="message"),
    path("messages/<uuid:message>/requeue/", views.Requeue.as_view(), name="message_requeue"),
]
