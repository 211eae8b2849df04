"""What a user reads, by code. Every message of a file says what to do."""
# ruff: noqa: E501 - one message a line reads better than wrapped ones

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from .problems import FileRefused

FILE: dict[str, Any] = {
    "empty": _("文件是空的，没有任何内容。请确认选对了文件，并在保存后重新上传。"),
    "too-big": _("文件有 %(size)s MB，超过 %(limit)s MB 的上限。请拆成几个文件分别导入。"),
    "old-xls": _("这是旧版 Excel 文件（.xls），无法读取。请在 Excel 或 WPS 中另存为“Excel 工作簿（.xlsx）”或 CSV 后再上传。"),
    "password": _("文件设有打开密码，无法读取。请在 Excel 或 WPS 中去掉密码，另存后再上传。"),
    "other-kind": _("这是 %(kind)s 文件，不是表格。请上传 CSV 或 XLSX 文件。"),
    "broken-workbook": _("工作簿已损坏或不是标准的 XLSX 文件。请用 Excel 或 WPS 打开后另存为新的 .xlsx 再上传。"),
    "zip-bomb": _("工作簿解压后的体积异常（%(size)s MB 以上），为安全起见不予读取。请把数据复制到新的工作簿，或另存为 CSV 再上传。"),
    "no-sheet": _("工作簿里没有可见的工作表。请取消隐藏存放数据的工作表后再上传。"),
    "merged": _("工作表中有合并单元格（%(cells)s），无法确定每一行的内容。请取消合并、逐行填满后再上传。"),
    "formula": _("单元格 %(cell)s 是公式，读到的可能不是您看到的结果。请把公式“选择性粘贴为数值”后再上传。"),
    "utf-16": _("文件是 UTF-16（“Unicode 文本”）编码。请另存为“CSV UTF-8（逗号分隔）”后再上传。"),
    "nul": _("第 %(line)s 行含有空字符（NUL），文件可能已损坏或不是文本。请重新导出为 CSV 或 XLSX 后再上传。"),
    "encoding": _("第 %(line)s 行附近的文字既不是 UTF-8 也不是 GB18030 编码。请另存为“CSV UTF-8”后再上传。"),
    "unclosed-quote": _("第 %(line)s 行开始的引号没有闭合，或单元格过长。请检查这一行的双引号后再上传。"),
    "bad-quote": _("第 %(line)s 行的引号用法不对（引号后面还有文字）。请检查这一行的双引号后再上传。"),
    "long-line": _("第 %(line)s 行过长，不像表格中的一行。请确认文件是用逗号、分号或制表符分隔的 CSV。"),
    "columns": _("文件有 %(count)s 列，超过 %(limit)s 列的上限。请只保留需要导入的列。"),
    "columns-at-least": _("文件的列太多（至少 %(count)s 列），上限是 %(limit)s 列。请只保留需要导入的列。"),
    "full-width-comma": _("列名之间是全角的逗号或分号（“%(text)s”），无法分列。请改用半角逗号，或另存为 XLSX 后再上传。"),
    "rows": _("文件超过 %(limit)s 行。请拆成几个文件分别导入。"),
    "blank-rows": _("表格里有大段空行（%(count)s 行以上）。请删除空行后再上传。"),
    "header-only": _("文件只有表头，没有数据行。请填入数据后再上传。"),
    "no-header": _("第一行像是数据（“%(text)s”），没有找到表头。请在第一行写上列名，例如“企业名称、统一社会信用代码”。"),
    "title-row": _("第一行只有一个单元格（“%(text)s”），像是标题。请删去标题行，让列名处在第一行。"),
    "unnamed-column": _("第 %(place)s 列没有列名。请补上列名，或删去这一列。"),
    "duplicate-header": _("列名“%(name)s”出现了两次（第 %(first)s 列和第 %(second)s 列）。请改名或删去一列。"),
    "mapping-header": _("文件里没有名为“%(name)s”的列。请重新选择列的对应关系。"),
    "mapping-field": _("没有名为“%(name)s”的字段。请重新选择列的对应关系。"),
    "mapping-twice": _("有两列同时对应“%(name)s”。请只保留一列。"),
    "mapping-missing": _("没有列对应必填的“%(names)s”。请指定对应的列；若文件里没有，请补上后再上传。"),
}  # fmt: skip

CELL: dict[str, Any] = {
    "required": _("必填，不能为空"),
    "too-long": _("有 %(length)s 个字符，超过 %(limit)s 个的上限"),
    "unseen": _("含有看不见的格式控制字符 %(text)s，请删去后重新填写"),
    "bad-character": _("含有无法保存的字符"),
    "extra-cells": _("比表头多出 %(count)s 个单元格，可能是文字里的逗号没有加引号"),
    "duplicate": _("与第 %(line)s 行的代码重复"),
    "duplicate-number": _("与第 %(line)s 行的编号重复"),
    "code-number": _("代码以数值保存，末几位已丢失；请把该列设为“文本”后重新填写"),
    "code-wrong-length": _("应为 18 位统一社会信用代码或 15/13 位旧注册号：%(text)s"),
    "code-bad-character": _("含有统一社会信用代码不使用的字符（字母 I、O、S、V、Z 不用）：%(text)s"),
    "code-bad-department": _("第 1 位不是登记管理部门代码：%(text)s"),
    "code-bad-kind": _("第 2 位应为 1 至 9：%(text)s"),
    "code-bad-region": _("第 3 至 8 位应为六位数字：%(text)s"),
    "code-wrong-check-character": _("校验位不对，可能有一位写错：%(text)s"),
    "code-empty": _("必填，不能为空"),
    "code-full-width": _("含有全角字符：%(text)s"),
    "code-white-space": _("含有空白：%(text)s"),
    "code-lower-case": _("含有小写字母：%(text)s"),
    "date-form": _("不是可识别的日期：%(text)s；请写成 2020-01-31 的形式"),
    "date-serial": _("是日期的序号（%(text)s）；请在 Excel 或 WPS 中把该列设为“日期”格式后再保存"),
    "date-none": _("没有这一天：%(text)s"),
    "date-range": _("日期超出合理范围：%(text)s"),
    "capital-form": _("不是可识别的金额：%(text)s；请写成“100万元人民币”的形式"),
    "capital-range": _("金额过大：%(text)s"),
    "choice": _("不认识“%(text)s”；可填：%(words)s"),
    "number-form": _("不是可识别的数字：%(text)s"),
    "number-range": _("数字超出合理范围：%(text)s"),
    "degree": _("不是可识别的经纬度：%(text)s；请写成十进制度数，例如 119.923456"),
    "half-position": _("纬度和经度须同时填写"),
    "unknown-entity": _("没有登记过代码为 %(text)s 的单位；请先登记或导入该单位"),
    "unknown-project": _("没有登记过编号为 %(text)s 的项目；请先登记或导入该项目"),
    "project-needed": _("施工许可证须填写项目编号"),
    "valid-before-issued": _("有效期早于发证日期"),
    "other-holder": _("该许可登记在另一单位名下：%(text)s"),
    "other-project": _("该许可登记在另一项目名下：%(text)s"),
    "state-step": _("项目现为“%(now)s”，不能改为“%(then)s”"),
    "elsewhere": _("该记录由其他机构管理，您无权修改"),
    "merged": _("该主体已并入其他主体，不再更新"),
}  # fmt: skip

MARK: dict[str, Any] = {
    "old-number": _("旧注册号"),
    "repaired": _("代码已规整（全角、小写或空白）"),
    "check": _("校验位不符，来源为登记机关，予以接收"),
    "organisation-code": _("组织机构代码校验位不符"),
}

NOTE: dict[str, Any] = {"other-sheets": _("工作簿有多个工作表，只读取第一个可见的工作表。")}

KEPT: dict[str, Any] = {
    "changed-since": _("导入之后又被修改"),
    "used": _("已被引用：%(where)s"),
    "gone": _("已不存在"),
    "merged": _("导入之后已被合并"),
    "shifted": _("预览之后内容已变化，没有导入；请重新导入"),
}


def file_message(refused: FileRefused) -> str:
    """The sentence for a refused file."""
    return str(FILE[refused.code]) % refused.params


def cell_message(code: str, params: Mapping[str, object]) -> str:
    """The reason for one cell or row."""
    return str(CELL[code]) % params


def kept_message(code: str, params: Mapping[str, object]) -> str:
    """Why an undo left a row as it is, or an import left it out."""
    return str(KEPT.get(code) or CELL[code]) % params
