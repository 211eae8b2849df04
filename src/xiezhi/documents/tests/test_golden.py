"""The statutory elements of each form of administrative inspection stand in its PDF, word by word."""

import pytest

from xiezhi.documents.tests import golden_text

# What each form must tell; citations as in its basis. 待核 items are as the handbook of law has them.
ELEMENTS = {
    "inspection_approval": [
        "检查对象",
        "任务来源",
        "检查频次",
        "检查事项及依据",
        "执法证号",
        "协助人员",
        "回避",
        "审批意见",
    ],
    "inspection_notice": [
        "检查事项及依据",
        "执法证号",
        "检查频次",
        "不少于两人",
        "出示执法证件",
        "申请回避",
        "有权拒绝",
        "投诉",
    ],
    "site_record": [
        "执法证件已向你出示",
        "申请回避",
        "陈述意见",
        "检查情况",
        "拒绝签字",
        "执法人员签名",
        "音像记录编号",
    ],
    "sampling_record": [
        "行政处罚法》第五十六条",
        "封样编号",
        "抽样方法",
        "拒绝签字",
        "执法人员签名",
        "一份交当事人",
    ],
    "questioning_record": [
        "出示执法证件",
        "如实回答",
        "无关的问题，你有权拒绝回答",
        "申请回避",
        "问：",
        "答：",
        "阅读（或者向其宣读）",
    ],
    "result_notice": ["检查结果", "不是行政处罚决定", "改正", "公示", "有异议", "监督电话"],
    "inspection_feedback": ["不少于两人", "未超出通知的事项", "收受财物", "自愿填写", "监督电话"],
}


@pytest.mark.parametrize("code", golden_text.CODES)
def test_the_text_of_a_form_is_as_it_was_agreed(code):
    agreed = (golden_text.FOLDER / f"{code}.txt").read_text(encoding="utf-8")
    assert golden_text.plain(golden_text.made(code)) == golden_text.plain(agreed)


@pytest.mark.parametrize("code", golden_text.CODES)
def test_a_form_tells_what_it_must(code):
    agreed = golden_text.plain((golden_text.FOLDER / f"{code}.txt").read_text(encoding="utf-8"))
    # A filled sample shows one of two parts; what only the other says is in the template's text.
    template = golden_text.plain(
        (golden_text.FOLDER.parents[1] / "builtin" / f"{code}.txt").read_text(encoding="utf-8")
    )
    assert [element for element in ELEMENTS[code] if element not in agreed + template] == []
    assert ELEMENTS.keys() == set(golden_text.CODES)
