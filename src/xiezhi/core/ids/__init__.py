"""Numbers that the domain lives on, each checked from its own text alone, without a register or a clock.

uscc          统一社会信用代码 (GB 32100-2015) and the organisation code in it (GB 11714)
registration  the business registration numbers of before 2015 (15 or 13 digits)
resident      公民身份号码 (GB 11643); its errors never repeat the number
region        行政区划代码 (GB/T 2260) with validity dates
document      文号
permit        建筑工程施工许可证编号
"""

from xiezhi.core.ids.document import DocumentNumber, DocumentNumberError
from xiezhi.core.ids.permit import PermitNumber, PermitNumberError
from xiezhi.core.ids.region import Region, RegionTable
from xiezhi.core.ids.registration import Registration, registration
from xiezhi.core.ids.resident import Resident, ResidentNumberError, resident
from xiezhi.core.ids.uscc import UsccReason, check_character, organisation_code_holds, uscc_reason

__all__ = [
    "DocumentNumber",
    "DocumentNumberError",
    "PermitNumber",
    "PermitNumberError",
    "Region",
    "RegionTable",
    "Registration",
    "Resident",
    "ResidentNumberError",
    "UsccReason",
    "check_character",
    "organisation_code_holds",
    "registration",
    "resident",
    "uscc_reason",
]
