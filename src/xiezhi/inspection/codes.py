"""Closed lists of the app: what a reader sees beside what is stored. Texts are Chinese source."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TargetKind(models.TextChoices):
    """What an inspection item is carried by; in construction usually the project."""

    ENTITY = "entity", _("市场主体")
    PROJECT = "project", _("工程项目")
    SITE = "site", _("工地")

    @property
    def carrier(self) -> "TargetKind":
        """Whose code a visit counts for: a site is visited under its project's number."""
        return TargetKind.PROJECT if self == TargetKind.SITE else self


class Field(models.TextChoices):
    """Fields of supervision (监管领域) of a construction authority; a page shows those without any item."""

    PERMIT = "permit", _("施工许可")
    QUALIFICATION = "qualification", _("资质与承发包")
    TENDERING = "tendering", _("招标投标")
    QUALITY = "quality", _("工程质量")
    SAFETY = "safety", _("施工安全")
    TESTING = "testing", _("工程检测")
    SEISMIC = "seismic", _("抗震设防")
    ENERGY = "energy", _("建筑节能")
    FIRE = "fire", _("消防设计审查验收")
    DUST = "dust", _("扬尘与文明施工")
    WAGES = "wages", _("农民工工资")
    DECORATION = "decoration", _("装饰装修")
    HOUSING = "housing", _("房地产市场")
    PROPERTY = "property", _("物业服务")
    GAS = "gas", _("城镇燃气")
    MUNICIPAL = "municipal", _("市政设施")
    ACCESS = "access", _("无障碍环境")
    ARCHIVE = "archive", _("工程档案")
    OTHER = "other", _("其他")


class Method(models.TextChoices):
    """How an item is inspected (核查方式)."""

    SITE = "site", _("现场检查")
    PAPERS = "papers", _("书面检查")
    REMOTE = "remote", _("非现场检查")
    TEST = "test", _("抽样检测")
    SHARED = "shared", _("数据比对")


class Origin(models.TextChoices):
    """Where an item's text comes from."""

    NATIONAL = "national", _("国家法律法规")
    LOCAL = "local", _("本地清单")


class PlanKind(models.TextChoices):
    """What a plan is for. Each is approved and published by itself."""

    YEARLY = "yearly", _("年度抽查计划")
    SPECIAL = "special", _("专项检查")
    KEY = "key", _("重点监管")


class PlanState(models.TextChoices):
    """Where a plan or a triggered inspection stands; projected from its events."""

    DRAFT = "draft", _("起草中")
    SUBMITTED = "submitted", _("审批中")
    APPROVED = "approved", _("已批准")
    PUBLISHED = "published", _("已公布")
    ENDED = "ended", _("已终止")


class Measure(models.TextChoices):
    """How a line of a plan says how many: everyone within a cycle, a share at each draw, or all of them."""

    CYCLE = "cycle", _("周期内全覆盖")
    RATIO = "ratio", _("按比例抽取")
    ALL = "all", _("逐个检查（不抽取）")


class Ground(models.TextChoices):
    """Why an inspection is opened outside the draw (触发式检查)."""

    COMPLAINT = "complaint", _("投诉举报")
    TRANSFER = "transfer", _("转办交办、案件移送")
    ALARM = "alarm", _("监测预警、数据发现")
    RECHECK = "recheck", _("回头看")
    ACCIDENT = "accident", _("事故调查")


class TaskState(models.TextChoices):
    """Where a task stands; projected from its events."""

    SEALED = "sealed", _("名称密封")
    RELEASED = "released", _("待检查")
    FILED = "filed", _("结果待复核")
    RETURNED = "returned", _("退回补正")
    DONE = "done", _("已办结")
    CANCELLED = "cancelled", _("已取消")


class Rests(models.TextChoices):
    """What a task rests on."""

    DRAW = "draw", _("随机抽取")
    TRIGGER = "trigger", _("触发式")


class Change(models.TextChoices):
    """What is changed about a task, each with approval and reason."""

    REASSIGN = "reassign", _("改派（由候补接替）")
    POSTPONE = "postpone", _("改期")
    CANCEL = "cancel", _("取消")


class Why(models.TextChoices):
    """Why an officer of a task is replaced after the draw."""

    OTHER = "other", _("因故不能到场（请假、工作调动等）")
    RECUSAL = "recusal", _("回避")


class Outcome(models.TextChoices):
    """What a visit came to. A lawful refusal of an inspection outside the list is no lack of cooperation."""

    CLEAN = "clean", _("未发现问题")
    FIXED = "fixed", _("发现问题，现场已整改")
    RECTIFY = "rectify", _("发现问题，责令限期改正")
    STOP = "stop", _("发现问题，责令停止施工")
    TRANSFER = "transfer", _("发现问题，移送处理")
    UNCOOPERATIVE = "uncooperative", _("不配合检查，情节严重")
    ENDED = "ended", _("已完工、停工或关停")
    UNREACHABLE = "unreachable", _("通过登记的住所无法联系")
    REFUSED = "refused", _("检查不在清单或计划之内，对象依法拒绝")


class Answer(models.TextChoices):
    """What a check of a checklist came to."""

    PASS = "pass", _("符合")
    FAIL = "fail", _("不符合")
    NA = "na", _("不适用")


class Duty(models.TextChoices):
    """What an officer is in a task."""

    LEADER = "leader", _("组长")
    MEMBER = "member", _("组员")
    RESERVE = "reserve", _("候补")
    REPLACED = "replaced", _("已被接替")


class Strata(models.TextChoices):
    """How a roster is parted into strata."""

    ALL = "all", _("不分层")
    DISTRICT = "district", _("按所在区域")
    GRADE = "grade", _("按信用风险等级")


class Reason(models.TextChoices):
    """Why an object is left out before a draw or leaves after it. The code is published, the name is not."""

    FREQ_CAP = "FREQ_CAP", _("已达年度检查频次上限")
    RECTIFYING = "RECTIFYING", _("正在整改期内")
    CLOSED = "CLOSED", _("已注销、完工或停工")
    UNDERWAY = "UNDERWAY", _("检查时间段内已有检查任务")
    JOINT = "JOINT", _("已列入联合检查")
    STAYED = "STAYED", _("法院裁定停止")
    RECUSED = "RECUSED", _("回避后无人可派")
    NOT_FOUND = "NOT_FOUND", _("查无下落")


class Level(models.TextChoices):
    """The ceremony's level (draw.md §7)."""

    ROUTINE = "routine", _("常规抽取")
    JOINT = "joint", _("联合、年度抽取")
    CONTESTED = "contested", _("争议抽取")
    QUICK = "quick", _("紧急抽取")


class State(models.TextChoices):
    """Where a draw stands; projected from its events."""

    PREPARED = "prepared", _("已拟定")
    COMMITTED = "committed", _("已承诺")
    ENTERED = "entered", _("随机源已录入")
    CONFIRMED = "confirmed", _("随机源已复核")
    DRAWN = "drawn", _("已抽取")
    PUBLISHED = "published", _("已公布")
    OPENED = "opened", _("已公开名称")
    VOID = "void", _("已作废")


class Standing(models.TextChoices):
    """Where a drawn object stands."""

    DRAWN = "drawn", _("抽中")
    RESERVE = "reserve", _("备选")
    REMOVED = "removed", _("抽中后移出")
    CALLED = "called", _("由备选递补")


BEFORE_COMMITMENT = (State.PREPARED,)
AWAITING_SOURCE = (State.COMMITTED, State.ENTERED)
WITH_RESULT = (State.DRAWN, State.PUBLISHED, State.OPENED)
PUBLIC = (State.COMMITTED, State.ENTERED, State.CONFIRMED, *WITH_RESULT, State.VOID)

MOST_LINES = 200  # of a plan
MOST_VISITS = 1_000_000  # that a line may plan
