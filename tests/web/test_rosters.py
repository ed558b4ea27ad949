"""The printed roster."""
from tests import cast

PATH = f"/units/{cast.VILLAGE}/rosters/2026-03"


def test_a_roster_is_printed_with_stand_ins_leave_and_whom_to_ring(agent, township, admin, stranger, district_app):
    who = agent.get("/me").json
    operator = cast.sign_in(district_app.test_client(), cast.OPERATOR).get("/me").json
    etag = admin.get(f"/accounts/{operator['id']}").headers["ETag"]
    assert admin.patch(f"/accounts/{operator['id']}", {"phone": "13805760001"}, etag=etag).status_code == 200
    shifts = [
        {"date": f"2026-03-{day:02}", "account_id": who["id"], "desk": "1", "from": "08:30", "to": "12:00",
         "services": [], "kind": "duty", "stand_in_id": operator["id"]} | changes
        for day in (2, 3) for changes in ({}, {"from": "14:00", "to": "17:30"})
    ]
    on_call = [{"date": f"2026-03-{day:02}", "account_id": operator["id"]} for day in (3, 7)]
    assert township.put(PATH, {"shifts": shifts, "on_call": on_call}).status_code == 200
    leave = agent.post("/rosters/leaves", {"from": "2026-03-02", "to": "2026-03-02", "reason": "探亲"}).json
    township.put(f"/rosters/leaves/{leave['id']}/approval")
    page = agent.get(f"{PATH}/sheet.html").text
    for told in (
        "2026年3月值班表", "08:30—12:00　14:00—17:30", "2日 周一", f"{who['name']}（不在岗）", operator["name"],
        "13805760001", "乡镇（街道）值班", "不设窗口值班", "未发布（草表）",
    ):
        assert told in page
    assert page.count("不在岗") == 1 and "探亲" not in page
    assert township.put(f"{PATH}/publication").status_code == 200
    assert "2026年2月12日发布" in township.get(f"{PATH}/sheet.html").text
    assert stranger.get(f"{PATH}/sheet.html").status_code == 401
    assert township.get(f"/units/{cast.FAR_VILLAGE}/rosters/2026-03/sheet.html").status_code == 404
