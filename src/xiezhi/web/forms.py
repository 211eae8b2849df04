"""Forms that keep what was typed and say in Chinese what to mend. Rendered by ``components/form.html``."""

from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates


class Renderer(DjangoTemplates):
    """``{{ form }}`` renders error summary and fields as our components (setting ``FORM_RENDERER``)."""

    form_template_name = "web/components/form.html"
    field_template_name = "web/components/field.html"


class Form(forms.Form):
    """Base of our forms: labels without a colon."""

    required_css_class = "xz-required"

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class RevForm(Form):
    """A form that edits an aggregate: carries the version that was read."""

    rev = forms.IntegerField(widget=forms.HiddenInput)


class DateInput(forms.DateInput):
    """The browser's own date field; ISO, as it wants."""

    input_type = "date"

    def __init__(self, **kwargs: Any):
        super().__init__(format="%Y-%m-%d", **kwargs)
