"use strict";
/* Plain old JavaScript, so that old phones run it too. */
(function () {
  var form = document.getElementById("complain");
  var answer = document.getElementById("answer");
  var units = document.getElementById("unit");
  var button = form.getElementsByTagName("button")[0];
  var key = "web-" + new Date().getTime().toString(36) + Math.random().toString(36).slice(2);
  var waiting = null;

  function tell(text) {
    var made = document.createElement("p");
    while (answer.firstChild) { answer.removeChild(answer.firstChild); }
    made.className = "told";
    made.appendChild(document.createTextNode(text));
    answer.appendChild(made);
  }

  function send(method, path, body, done) {
    var request = new XMLHttpRequest();
    request.open(method, "/api/v1" + path);
    request.setRequestHeader("Accept-Language", "zh-CN");
    if (body) {
      request.setRequestHeader("Content-Type", "application/json");
      request.setRequestHeader("Idempotency-Key", key);
    }
    request.onreadystatechange = function () {
      if (request.readyState === 4) { done(request); }
    };
    request.send(body ? JSON.stringify(body) : null);
  }

  function choose(found) {
    while (units.firstChild) { units.removeChild(units.firstChild); }
    for (var i = 0; i < found.length; i += 1) {
      var made = document.createElement("option");
      made.value = found[i].code;
      made.appendChild(document.createTextNode(found[i].name));
      units.appendChild(made);
    }
  }

  function search() {
    var text = form.elements.search.value.replace(/^\s+|\s+$/g, "");
    if (!text) { return; }
    send("GET", "/units?limit=20&q=" + encodeURIComponent(text), null, function (request) {
      if (request.status === 200) { choose(JSON.parse(request.responseText).items); }
    });
  }

  function told(request) {
    var found;
    if (request.status === 201) {
      found = JSON.parse(request.responseText);
      return "已收到，编号 " + found.number + "。" + (found.query_code
        ? "查询码 " + found.query_code + "，请记下；查询进度时填在“后四位”里。" : "凭编号和电话后四位查询进度。");
    }
    if (request.status === 422) { return "填写有误：请选择网点，写明什么事，核对编号。"; }
    if (request.status === 429) { return "提交的次数太多，请稍后再试。"; }
    return "暂时提交不了，请稍后再试，或致电便民中心。";
  }

  function complain(event) {
    var body = { about: { unit_code: units.value }, text: form.elements.text.value };
    var errand = form.elements.errand.value.replace(/\s/g, "");
    var contact = form.elements.contact.value.replace(/^\s+|\s+$/g, "");
    event.preventDefault();
    if (errand) { body.about.errand_number = errand; }
    if (contact) { body.contact = contact; }
    button.disabled = true;
    tell("正在提交……");
    send("POST", "/complaints", body, function (request) {
      button.disabled = request.status === 201;
      tell(told(request));
    });
  }

  form.elements.search.addEventListener("input", function () {
    clearTimeout(waiting);
    waiting = setTimeout(search, 400);
  });
  form.addEventListener("submit", complain);
}());
