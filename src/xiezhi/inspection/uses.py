"""What inspections name of the registry: a roster is committed by hash, a triggered inspection is approved."""

from django.utils.translation import gettext_lazy as _

from xiezhi.registry import uses

from .models import RosterEntry, Trigger

uses.named_by(RosterEntry, "target", _("检查对象名录"))
uses.named_by(Trigger, "target", _("触发式检查"))
