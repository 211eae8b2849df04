"""The first steps of the import wizard: the file, and which of its columns is which field."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiezhi.registry import forms, imports, queries, services
from xiezhi.registry.gate import IMPORT
from xiezhi.registry.importing import mapping as mappings
from xiezhi.registry.importing.kinds import KINDS
from xiezhi.registry.importing.messages import file_message
from xiezhi.registry.importing.problems import FileRefused
from xiezhi.registry.models import ColumnMapping, ImportBatch
from xiezhi.registry.steps import UNWRITTEN, demand_state
from xiezhi.web.pages import FormPage

from .imports import ImportList, address


class Upload(FormPage):
    """Step 1: the file. A wrong one is refused here, with what to do, and changes nothing."""

    ability = IMPORT
    title = _("导入名录")
    template_name = "registry/upload.html"
    form_class = forms.UploadForm
    submit = _("上传并核对列")
    done = ""

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return ((ImportList.title, reverse("registry:imports")),)

    def act(self, data: Mapping[str, Any]) -> ImportBatch:
        return imports.receive(
            self.actor,
            stream=data["file"],
            filename=data["file"].name,
            source=data["source"],
            lenient=data["lenient"],
            target=data["target"],
            agency=self.actor.agency,
            district=self.actor.district,
        )

    def done_url(self, result: ImportBatch) -> str:
        return reverse("registry:import-columns", args=[result.pk])


class Columns(FormPage):
    """Step 2: which column is which field; then the dry run begins."""

    ability = IMPORT
    title = _("核对列")
    form_class = forms.MappingForm
    submit = _("开始预演")
    done = ""
    template_name = "registry/columns.html"

    def admit(self) -> None:
        demand_state(self.batch, UNWRITTEN)

    @property
    def batch(self) -> ImportBatch:
        """The batch whose columns are chosen."""
        return queries.get_import(self.actor, self.kwargs["batch_id"])

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        batch = self.batch
        return ((ImportList.title, reverse("registry:imports")), (batch.filename, address(batch)))

    def form_kwargs(self) -> dict[str, Any]:
        batch = self.batch
        saved = next((row for row in self._saved(batch) if str(row.pk) == self.request.GET.get("mapping")), None)
        return {
            "headers": batch.headers,
            "columns": saved.columns if saved else batch.columns,
            "sample": imports.sample(self.actor, batch.pk),
            "fields": KINDS[batch.target].fields,
        }

    def context(self, **more: Any) -> dict[str, Any]:
        rows = self._saved(self.batch)
        return super().context(saved=[(row.name, row.pk, row.source) for row in rows], **more)

    def _saved(self, batch: ImportBatch) -> list[ColumnMapping]:
        """Mappings kept for this kind of list, whose columns the file has."""
        rows = queries.mappings_visible_to(self.actor).filter(target=batch.target).order_by("-updated_at")
        return [row for row in rows if set(row.columns) <= set(batch.headers)]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class(request.POST, **self.form_kwargs())
        if not form.is_valid():
            return self.page(form=form, status=422)
        batch, chosen = self.batch, form.chosen()
        try:
            mappings.check(chosen, batch.headers, KINDS[batch.target])
        except FileRefused as refused:
            form.add_error(None, file_message(refused))
            return self.page(form=form, status=422)
        if name := form.cleaned_data["save_as"].strip():
            services.save_mapping(
                self.actor,
                agency=batch.agency,
                district=batch.district,
                name=name,
                source=batch.source,
                columns=chosen,
                target=batch.target,
            )
        imports.order(self.actor, batch, "stage_import", columns=[list(pair) for pair in chosen.items()])
        return HttpResponseRedirect(address(batch))
