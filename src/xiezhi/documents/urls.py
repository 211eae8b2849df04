"""Addresses below ``/console/documents/``."""

from django.urls import path

from .views import files, paper, papers, registers, templates

app_name = "documents"
urlpatterns = [
    path("", papers.Documents.as_view(), name="documents"),
    path("new/", papers.Types.as_view(), name="new"),
    path("new/<uuid:template>/", papers.NewDocument.as_view(), name="new-of-type"),
    path("numbers/", registers.Numbers.as_view(), name="numbers"),
    path("numbers/reckoning/", registers.Reckoning.as_view(), name="reckoning"),
    path("numbers/reserve/", registers.Reserve.as_view(), name="reserve"),
    path("numbers/<uuid:number>/", registers.NumberPage.as_view(), name="number"),
    path("numbers/<uuid:number>/void/", registers.VoidNumber.as_view(), name="number-void"),
    path("numbers/<uuid:number>/blank.pdf", files.BlankFile.as_view(), name="blank-pdf"),
    path("numbers/<uuid:number>/return/", registers.ReturnBlank.as_view(), name="blank-return"),
    path("numbers/<uuid:number>/use/", registers.UseBlank.as_view(), name="blank-use"),
    path("blanks/new/", registers.NewBlanks.as_view(), name="blanks-new"),
    path("seals/", registers.Seals.as_view(), name="seals"),
    path("templates/", templates.Templates.as_view(), name="templates"),
    path("templates/<uuid:template>/", templates.TemplatePage.as_view(), name="template"),
    path("templates/<uuid:template>/sample.pdf", files.TemplateFile.as_view(), name="template-pdf"),
    path("templates/<uuid:template>/<int:page>.png", files.TemplatePicture.as_view(), name="template-picture"),
    path("templates/<uuid:template>/edit/", templates.EditTemplate.as_view(), name="template-edit"),
    path("templates/<uuid:template>/publish/", templates.Publish.as_view(), name="template-publish"),
    path("<uuid:document>/", paper.DocumentPage.as_view(), name="document"),
    path("<uuid:document>/edit/", paper.Edit.as_view(), name="edit"),
    path("<uuid:document>/approval/", paper.SubmitApproval.as_view(), name="approval"),
    path("<uuid:document>/sign/", paper.Sign.as_view(), name="sign"),
    path("<uuid:document>/issue/", paper.Issue.as_view(), name="issue"),
    path("<uuid:document>/correct/", paper.Correct.as_view(), name="correct"),
    path("<uuid:document>/void/", paper.Void.as_view(), name="void"),
    path("<uuid:document>/seal/", paper.RequestSeal.as_view(), name="seal"),
    path("<uuid:document>/seal/register/", paper.RegisterSeal.as_view(), name="seal-register"),
    path("<uuid:document>/seal/scan/", paper.ReturnScan.as_view(), name="seal-scan"),
    path("<uuid:document>/seal/<uuid:use>/file/", files.Scan.as_view(), name="scan"),
    path("<uuid:document>/document.pdf", files.DocumentFile.as_view(), name="pdf"),
    path("<uuid:document>/<int:page>.png", files.DocumentPicture.as_view(), name="picture"),
]
