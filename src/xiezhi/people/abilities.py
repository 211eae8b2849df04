"""The catalogue of abilities: deny by default, so what isn't in this table can't be held by anyone.

``enforcement`` marks what the Administrative Penalty Law (art. 42, 55) reserves to officers with a certificate:
assistants never hold it, and an officer holds it only on days on which one of his certificates is valid.
``person`` marks what a program never does with an API key: who decides, witnesses, hands out rights or erases is a
person, so that rules of two people mean two people.
An upper app that needs an ability of its own adds a line here; roles are sets of these names.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _


@dataclass(frozen=True)
class AbilityRow:
    """One line of the catalogue. ``title`` is Chinese source text."""

    name: str
    title: str
    enforcement: bool = False
    person: bool = False


_TABLE = (
    AbilityRow("people.read", _("查看机构、人员与角色")),
    AbilityRow("people.read_private", _("查看请假、利害关系等个人事项")),
    AbilityRow("people.manage_agencies", _("设立、更名、撤销机构"), person=True),
    AbilityRow("people.manage_accounts", _("开立、停用账号，重置密码"), person=True),
    AbilityRow("people.manage_roles", _("维护角色所含权限"), person=True),
    AbilityRow("people.assign_roles", _("授予、收回角色"), person=True),
    AbilityRow("people.manage_officers", _("登记执法人员、证件、请假与辅助人员"), person=True),
    AbilityRow("people.manage_letters", _("登记、撤销委托书"), person=True),
    AbilityRow("people.manage_routes", _("维护审批流程"), person=True),
    AbilityRow("people.grant", _("授予、收回个案参与"), person=True),
    AbilityRow("approval.read", _("查看审批")),
    AbilityRow("approval.submit", _("提交审批"), person=True),
    AbilityRow("approval.authorise", _("签署 A/B 角代办授权"), person=True),
    AbilityRow("registry.read", _("查看市场主体、项目与许可")),
    AbilityRow("registry.read_personal", _("查看自然人主体的个人信息")),
    AbilityRow("registry.edit", _("登记、更正市场主体、项目与许可")),
    AbilityRow("registry.import", _("导入名录数据，撤销导入")),
    AbilityRow("lawbase.read", _("查看法规配置与目录")),
    AbilityRow("lawbase.manage", _("维护法规配置与日历"), person=True),
    AbilityRow("lawbase.confirm", _("核定待核数值"), person=True),
    AbilityRow("documents.read", _("查看文书、文号登记簿与模板")),
    AbilityRow("documents.read_private", _("查看文书中的个人信息与含有个人信息的文书全文")),
    AbilityRow("documents.draft", _("起草、修改文书")),
    AbilityRow("documents.sign", _("签发、作废文书"), person=True),
    AbilityRow("documents.seal", _("登记用印、回传用印件"), person=True),
    AbilityRow("documents.numbers", _("管理文号登记簿与空白文书"), person=True),
    AbilityRow("documents.templates", _("编辑文书模板")),
    AbilityRow("documents.publish_templates", _("发布文书模板"), person=True),
    AbilityRow("inspection.read", _("查看抽查计划、抽取与任务")),
    AbilityRow("inspection.plan", _("编制年度抽查计划"), person=True),
    AbilityRow("inspection.draw", _("组织抽取"), person=True),
    AbilityRow("inspection.witness", _("见证抽取、复核公开随机源"), person=True),
    AbilityRow("inspection.publish", _("公布计划与抽取结果"), person=True),
    AbilityRow("inspection.open_names", _("公开被抽取对象名称"), person=True),
    AbilityRow("inspection.read_names", _("在公开前查看被抽取对象名称")),
    AbilityRow("inspection.read_released", _("查看已开启任务的对象、人员和结果")),
    AbilityRow("inspection.review", _("复核检查结果"), person=True),
    AbilityRow("inspection.visit", _("到场检查"), enforcement=True),
    AbilityRow("disclosure.read", _("查看公示工作台")),
    AbilityRow("disclosure.prepare", _("拟定公示、更正，登记报送回执"), person=True),
    AbilityRow("disclosure.sign", _("签发、退回、撤下公示，拟定更正由他人签发"), person=True),
    AbilityRow("disclosure.objections", _("查看、答复公示异议"), person=True),
    AbilityRow("casework.investigate", _("调查取证"), enforcement=True),
    AbilityRow("casework.serve", _("送达文书"), enforcement=True),
    AbilityRow("record.read", _("查看全过程记录")),
    AbilityRow("record.read_private", _("查看记录中的非公开部分")),
    AbilityRow("record.erase", _("依法删除记录中的个人信息"), person=True),
    AbilityRow("record.rotate_keys", _("轮换记录的签名与封装密钥"), person=True),
    AbilityRow("record.alarm", _("接收全过程记录核对不符的告警")),
    AbilityRow("oversight.read", _("查看统计与案卷评查")),
    AbilityRow("jobs.read", _("查看后台任务")),
    AbilityRow("jobs.cancel", _("取消他人的后台任务"), person=True),
    AbilityRow("notify.read", _("查看对外发送记录")),
    AbilityRow("notify.requeue", _("重新发送对外消息")),
    AbilityRow("api.manage_keys", _("签发、吊销接口密钥"), person=True),
)

ABILITIES: dict[str, AbilityRow] = {row.name: row for row in _TABLE}
ENFORCEMENT: frozenset[str] = frozenset(row.name for row in _TABLE if row.enforcement)
PERSONAL: frozenset[str] = ENFORCEMENT | {row.name for row in _TABLE if row.person}
