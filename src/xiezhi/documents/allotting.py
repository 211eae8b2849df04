"""Numbers are given out here and nowhere else: under the lock of their series, none twice, none left out."""

from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from xiezhi.core.errors import Invalid
from xiezhi.core.paper import numbering
from xiezhi.people.models import Agency

from .codes import NumberState
from .gate import day_of
from .models import DocumentNumber, NumberSeries, Template


def allot(template: Template, body: Agency, moment: datetime, state: NumberState) -> DocumentNumber:
    """The next number of ``body`` for this type in the year of ``moment`` (Shanghai); a row of the register."""
    if not template.numbering:
        raise Invalid({"": [_("“%(title)s”不编文号。") % {"title": template.title}]})
    year = day_of(moment).year
    key = {"district": body.district, "agency": body.path, "code": template.code, "year": year}
    # Of two who begin a year at once, the second waits for the first at the unique constraint.
    NumberSeries.objects.bulk_create([NumberSeries(**key)], ignore_conflicts=True)
    series = NumberSeries.objects.select_for_update().get(**key)
    NumberSeries.objects.filter(pk=series.pk).update(last=F("last") + 1)
    serial = series.last + 1
    return DocumentNumber.objects.create(
        district=body.district,
        agency=body.path,
        template_code=template.code,
        type_title=template.title,
        year=year,
        serial=serial,
        text=numbering.shown(template.numbering, agency=body.short, year=year, serial=serial),
        given_at=moment,
        state=state,
    )


def stream(number: DocumentNumber) -> str:
    """The series' chain in the record."""
    return f"numbers:{number.agency}{number.template_code}:{number.year}"[-120:]


def scope(number: DocumentNumber) -> dict[str, str]:
    """Arguments of ``emit`` for an event about the number itself."""
    return {
        "stream": stream(number),
        "subject": f"number:{number.id}",
        "agency": number.agency,
        "district": number.district,
    }
