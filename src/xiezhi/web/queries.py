"""What ``web`` lets others read."""

from django.db.models import Q, QuerySet

from xiezhi.core.actor import Actor

from .models import ApiKey, SavedView


def keys_visible_to(actor: Actor) -> QuerySet[ApiKey]:
    """API keys in the subtrees whose keys the actor manages."""
    allowed = Q(pk__in=[])
    for path in actor.paths("api.manage_keys"):
        allowed |= Q(agency__startswith=path)
    return ApiKey.objects.filter(allowed)


def saved_views(account_id: object, page: str) -> QuerySet[SavedView]:
    """An account's own saved views of a list."""
    return SavedView.objects.filter(account=account_id, page=page).order_by("name")
