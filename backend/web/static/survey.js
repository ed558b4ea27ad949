"use strict";
/* Plain old JavaScript, so that old phones run it too. Nothing of the answer is kept on the phone. */
(function () {
  var form = document.getElementById("questions");
  var told = document.getElementById("told");
  var button = document.getElementById("send");
  var place = /^#([0-9a-f-]{36})\.(.+)$/.exec(location.hash);
  var scale = ["很不满意", "不满意", "一般", "满意", "很满意"];
  var asked = [];

  function put(parent, tag, text, kind) {
    var made = document.createElement(tag);
    if (text) { made.appendChild(document.createTextNode(text)); }
    if (kind) { made.className = kind; }
    parent.appendChild(made);
    return made;
  }

  function tell(text) {
    while (told.firstChild) { told.removeChild(told.firstChild); }
    put(told, "p", text, "told");
  }

  function call(method, path, body, then) {
    var request = new XMLHttpRequest();
    request.open(method, "/api/v1/surveys/" + place[1] + path);
    request.setRequestHeader("Accept-Language", "zh-CN");
    if (body) { request.setRequestHeader("Content-Type", "application/json"); }
    request.onreadystatechange = function () { if (request.readyState === 4) { then(request); } };
    request.send(body ? JSON.stringify(body) : null);
  }

  function question(parent, one) {
    var box = put(parent, "fieldset");
    var choices = one.choices || scale;
    put(box, "legend", one.text);
    for (var i = 0; i < choices.length; i += 1) {
      var label = put(box, "label", "", "choice");
      var radio = put(label, "input");
      radio.type = "radio";
      radio.name = one.code;
      radio.value = String(i + 1);
      radio.required = true;
      label.appendChild(document.createTextNode(" " + choices[i]));
    }
    asked.push(one.code);
  }

  function show(found) {
    document.getElementById("title").textContent = found.title;
    if (found.state !== "open") { tell("这次调查已经结束，谢谢您。"); return; }
    if (found.introduction) { put(form, "p", found.introduction, "aid"); }
    for (var i = 0; i < found.sections.length; i += 1) {
      put(form, "h2", found.sections[i].name);
      for (var j = 0; j < found.sections[i].questions.length; j += 1) { question(form, found.sections[i].questions[j]); }
    }
    button.hidden = false;
    form.appendChild(button);
  }

  function refused(request) {
    if (request.status === 409 && /slip-used/.test(request.responseText)) { return "这份答卷已经交过了，谢谢您。"; }
    if (request.status === 409) { return "这次调查已经结束，谢谢您。"; }
    if (request.status === 404 || request.status === 422) { return "答卷码不对，请重新扫码。"; }
    return "暂时交不了，请稍后再试。";
  }

  function send(event) {
    var answers = [];
    event.preventDefault();
    for (var i = 0; i < asked.length; i += 1) {
      var chosen = form.querySelector("input[name='" + asked[i] + "']:checked");
      if (!chosen) { tell("还有题目没有回答。"); return; }
      answers.push({ question: asked[i], choice: Number(chosen.value) });
    }
    button.disabled = true;
    call("POST", "/answers", { token: place[2], answers: answers }, function (request) {
      button.disabled = false;
      if (request.status !== 201) { tell(refused(request)); return; }
      form.hidden = true;
      tell("已经收到，谢谢您。没有人知道这是谁答的。");
    });
  }

  form.addEventListener("submit", send);
  if (!place) { tell("请扫答卷上的二维码打开。"); return; }
  call("GET", "", null, function (request) {
    if (request.status === 200) { show(JSON.parse(request.responseText)); } else { tell(refused(request)); }
  });
}());
