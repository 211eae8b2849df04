"""Addresses below ``/console/draws/``."""

from django.urls import path

from .views import draw_forms, draws, items, lists, plans, setting_up, tasks, triggers

app_name = "inspection"
urlpatterns = [
    path("", lists.Draws.as_view(), name="draws"),
    path("items/", lists.Items.as_view(), name="items"),
    path("items/new/", setting_up.NewItem.as_view(), name="new_item"),
    path("items/adopt/", items.Adopt.as_view(), name="adopt_items"),
    path("items/load/", items.Load.as_view(), name="load_items"),
    path("items/fields/", items.Fields.as_view(), name="fields"),
    path("items/<uuid:item>/", items.Item.as_view(), name="item"),
    path("plans/", plans.Plans.as_view(), name="plans"),
    path("plans/new/", plans.NewPlan.as_view(), name="new_plan"),
    path("plans/<uuid:plan>/", plans.PlanPage.as_view(), name="plan"),
    path("plans/<uuid:plan>/change/", plans.ChangePlan.as_view(), name="change_plan"),
    path("plans/<uuid:plan>/submit/", plans.SubmitPlan.as_view(), name="submit_plan"),
    path("plans/<uuid:plan>/publish/", plans.PublishPlan.as_view(), name="publish_plan"),
    path("plans/<uuid:plan>/end/", plans.EndPlan.as_view(), name="end_plan"),
    path("tasks/", tasks.Tasks.as_view(), name="tasks"),
    path("tasks/mine/", tasks.MyTasks.as_view(), name="my_tasks"),
    path("tasks/<uuid:task>/", tasks.TaskPage.as_view(), name="task"),
    path("triggers/", triggers.Triggers.as_view(), name="triggers"),
    path("triggers/new/", triggers.NewTrigger.as_view(), name="new_trigger"),
    path("triggers/<uuid:trigger>/", triggers.TriggerPage.as_view(), name="trigger"),
    path("triggers/<uuid:trigger>/end/", triggers.EndTrigger.as_view(), name="end_trigger"),
    path("rosters/", lists.Rosters.as_view(), name="rosters"),
    path("rosters/new/", setting_up.NewRoster.as_view(), name="new_roster"),
    path("rosters/<uuid:roster>/", setting_up.Roster.as_view(), name="roster"),
    path("rosters/<uuid:roster>/draw/", setting_up.NewDraw.as_view(), name="new_draw"),
    path("<uuid:draw>/", draws.DrawPage.as_view(), name="draw"),
    path("<uuid:draw>/officers/", tasks.PrepareDispatch.as_view(), name="officers"),
    path("<uuid:draw>/exclude/", draw_forms.Exclude.as_view(), name="exclude"),
    path("<uuid:draw>/exclusions/<uuid:exclusion>/", draw_forms.Readmit.as_view(), name="readmit"),
    path("<uuid:draw>/commit/", draws.Commit.as_view(), name="commit"),
    path("<uuid:draw>/source/", draw_forms.EnterSource.as_view(), name="enter"),
    path("<uuid:draw>/source/confirm/", draw_forms.ConfirmSource.as_view(), name="confirm"),
    path("<uuid:draw>/run/", draws.Run.as_view(), name="run"),
    path("<uuid:draw>/publish/", draws.Publish.as_view(), name="publish"),
    path("<uuid:draw>/objects/<str:opaque>/remove/", draw_forms.replacement, name="replace"),
    path("<uuid:draw>/names/", draw_forms.Names.as_view(), name="names"),
    path("<uuid:draw>/entry/", draw_forms.HandOutEntry.as_view(), name="entry"),
    path("<uuid:draw>/open/", draws.Open.as_view(), name="open"),
    path("<uuid:draw>/void/", draw_forms.Void.as_view(), name="void"),
]
