"use strict";
/* Plain old JavaScript, so that old phones run it too. */
(function () {
  var form = document.getElementById("ask");
  var answer = document.getElementById("answer");
  var button = form.getElementsByTagName("button")[0];

  function put(parent, tag, text, kind) {
    var made = document.createElement(tag);
    if (text) { made.appendChild(document.createTextNode(text)); }
    if (kind) { made.className = kind; }
    parent.appendChild(made);
    return made;
  }

  function moment(text, whole) {
    var part = /^(\d+)-(\d+)-(\d+)T(\d+:\d+)/.exec(text);
    if (!part) { return text; }
    return (whole ? part[1] + "年" : "") + Number(part[2]) + "月" + Number(part[3]) + "日 " + part[4];
  }

  function clear() {
    while (answer.firstChild) { answer.removeChild(answer.firstChild); }
  }

  function tell(text) {
    clear();
    put(answer, "p", text, "told");
  }

  function show(found) {
    clear();
    put(answer, "p", found.state_name, "state");
    put(answer, "p", found.item, "matter");
    if (found.due_at && !/^(completed|delivered|closed|declined|withdrawn)$/.test(found.state)) {
      put(answer, "p", "办结期限 " + moment(found.due_at, true) + " 前", "limit");
    }
    var list = put(answer, "ol", "", "way");
    for (var i = 0; i < found.steps.length; i += 1) {
      var step = put(list, "li");
      put(step, "strong", found.steps[i].what);
      put(step, "span", moment(found.steps[i].at, false));
    }
  }

  function refused(request) {
    var seconds = Number(request.getResponseHeader("Retry-After"));
    if (request.status === 404) { return "没有找到。请核对编号和后四位，再查一次。"; }
    if (request.status === 422) { return "编号或后四位填得不对，请再看一遍。"; }
    if (request.status === 429) {
      return "查的次数太多，请过" + Math.max(1, Math.ceil(seconds / 60)) + "分钟再查，或致电代办员。";
    }
    return "暂时查不了，请稍后再试，或致电代办员。";
  }

  function ask(event) {
    var body = { number: form.elements.number.value };
    var by = document.getElementById("by-id").checked ? "id_last4" : "phone_last4";
    var request = new XMLHttpRequest();
    event.preventDefault();
    body[by] = form.elements.digits.value.replace(/\s/g, "");
    button.disabled = true;
    tell("正在查询……");
    request.open("POST", "/api/v1/progress");
    request.setRequestHeader("Content-Type", "application/json");
    request.setRequestHeader("Accept-Language", "zh-CN");
    request.onreadystatechange = function () {
      if (request.readyState !== 4) { return; }
      button.disabled = false;
      if (request.status === 200) { show(JSON.parse(request.responseText)); } else { tell(refused(request)); }
    };
    request.send(JSON.stringify(body));
  }

  form.elements.number.value = location.hash.replace(/[^0-9-]/g, "").slice(0, 40);
  form.addEventListener("submit", ask);
}());
