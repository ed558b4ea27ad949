"""Paper registers for the tests, as a village types them in."""
from io import BytesIO
from typing import Any

import openpyxl
from werkzeug.datastructures import FileStorage
from werkzeug.test import stream_encode_multipart

from tests import cast

TITLES = {
    "number": "编号*", "received": "登记日期*", "name": "委托人*", "id_number": "身份证号", "phone": "联系电话",
    "address": "住址", "item": "办理事项*", "materials": "已收材料", "receiver": "首问责任人", "agent": "代办员",
    "due": "应办结日期", "sent": "上报日期", "finished": "办结日期*", "result": "办理结果*", "by": "领取人",
    "rating": "回访评价", "remark": "备注", "unit": "机构代码",
}


def line(serial: int = 1, **changes: Any) -> dict[str, Any]:
    """A line that is right: 临时救助 of March 2024."""
    return {
        "number": f"2024-{serial:03d}", "received": "2024-03-15", "name": "王桂香",
        "id_number": cast.id_number(serial % 1000), "phone": "13805761234", "item": "临时救助",
        "finished": "2024.3.22", "result": "准予，已发放救助金",
    } | changes


def book(*lines: dict[str, Any], titles: dict[str, str] | None = None) -> bytes:
    """The workbook of these lines."""
    titles = titles or TITLES
    made = openpyxl.Workbook(write_only=True)
    sheet = made.create_sheet("纸质台账")
    sheet.append(list(titles.values()))
    for one in lines:
        sheet.append([one.get(name) for name in titles])
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def multipart(data: bytes) -> tuple[bytes, str]:
    """The body of a request that hands the workbook in, and its content type."""
    stream, _, boundary = stream_encode_multipart({"file": FileStorage(BytesIO(data), "register.xlsx")})
    return stream.read(), f"multipart/form-data; boundary={boundary}"


def hand_in(caller: cast.Caller, data: bytes, key: str) -> Any:
    """POST /errands/imports."""
    return caller._send(
        "POST", "/errands/imports", data={"file": (BytesIO(data), "register.xlsx")},
        headers={"Idempotency-Key": f"import-{key}"},
    )
