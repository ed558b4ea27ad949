from tests import cast
from tests.statements import count_statements
import orjson
def test_smoke(district_app, township, stranger):
    T=cast.TOWNSHIP
    p=f"/weekly-reports/2026-W07/{T}"
    a=township.get(p); print(a.status_code, orjson.dumps(a.json, option=2).decode()[:3000])
    b=township.put(p+"/filing"); print(b.status_code,b.json)
    body=a.json; body["plan"]="下周抓紧"; body["sites"][3]["percent"]=40; body["sites"][3]["agents_in_place"]=1
    c=township.put(p, body, etag=a.headers["ETag"]); print(c.status_code, c.json if c.status_code!=200 else c.json["must_say"], c.headers.get("ETag"))
    with count_statements() as seen:
        d=township.put(p+"/filing", etag=c.headers["ETag"], headers={"Idempotency-Key":"abcdefghij"})
    print(d.status_code,d.json, len(seen)); print("\n".join(s.strip()[:100] for s in seen))
    e=township.post(p+"/corrections", {"reason":"写错","sites":[{"unit_code":body["sites"][3]["unit_code"],"percent":30}]}); print(e.status_code, e.get_data(as_text=True)[:300])
    e=township.post(p+"/corrections", {"reason":"写错","sites":[{"unit_code":body["sites"][3]["unit_code"],"percent":30,"reason":"多报"}]}); print(e.status_code, e.get_data(as_text=True)[:300])
    print(township.get(p+"/revisions").json["items"][1]["reason"])
    o=cast.sign_in(district_app.test_client(),"office")
    print(o.put(p+"/return",{"reason":"少一项"}).status_code, o.put(p+"/acceptance").status_code)
    print(stranger.get("/coverage").json["items"][:3])
    print(o.get("/weekly-reports").json["items"][:2], o.get("/sites").json["items"][3])
    print(o.put("/coverage/targets", {"items":[{"level":"township","target_on":"2026-06-30","target_percent":90}]}, etag=o.get("/coverage/targets").headers["ETag"]).json)
