"""The acts of documents. Each takes the Actor first; see the submodules.

``templates``  draft_template, publish_template, load_builtin_templates
``papers``     draft_document, save_draft, ask_approval, sign_document, issue_document, void_document, correct_document
``numbers``    reserve_number, void_number, issue_blank, return_blank, use_blank
``sealing``    request_seal, register_seal, return_scan
"""

from .numbers import issue_blank, reserve_number, return_blank, use_blank, void_number
from .papers import (
    ask_approval,
    correct_document,
    draft_document,
    issue_document,
    save_draft,
    sign_document,
    void_document,
)
from .sealing import register_seal, request_seal, return_scan
from .templates import draft_template, load_builtin_templates, publish_template

__all__ = [
    "ask_approval",
    "correct_document",
    "draft_document",
    "draft_template",
    "issue_blank",
    "issue_document",
    "load_builtin_templates",
    "publish_template",
    "register_seal",
    "request_seal",
    "reserve_number",
    "return_blank",
    "return_scan",
    "save_draft",
    "sign_document",
    "use_blank",
    "void_document",
    "void_number",
]
