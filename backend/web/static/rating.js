"use strict";
/* Plain old JavaScript, so that old phones run it too. */
(function () {
  var form = document.getElementById("rate");
  var answer = document.getElementById("answer");
  var button = form.getElementsByTagName("button")[0];

  function tell(text) {
    var made = document.createElement("p");
    while (answer.firstChild) { answer.removeChild(answer.firstChild); }
    made.className = "told";
    made.appendChild(document.createTextNode(text));
    answer.appendChild(made);
  }

  function said(status) {
    if (status === 200) { return "谢谢您的评价。"; }
    if (status === 404) { return "没有这个评价码，请核对大小写再填一次。"; }
    if (status === 409) { return "这个评价码已经用过了。"; }
    if (status === 410) { return "这个评价码已经失效，请向便民中心另要一张。"; }
    if (status === 422) { return "请选择满意程度；想说的话不超过500字。"; }
    return "暂时提交不了，请稍后再试。";
  }

  function level() {
    var choices = form.elements.level;
    for (var i = 0; i < choices.length; i += 1) {
      if (choices[i].checked) { return Number(choices[i].value); }
    }
    return 0;
  }

  function rate(event) {
    var body = { level: level() };
    var comment = form.elements.comment.value.replace(/^\s+|\s+$/g, "");
    var token = form.elements.token.value.replace(/\s/g, "");
    var request = new XMLHttpRequest();
    event.preventDefault();
    if (comment) { body.comment = comment; }
    button.disabled = true;
    tell("正在提交……");
    request.open("PUT", "/api/v1/ratings/" + encodeURIComponent(token));
    request.setRequestHeader("Content-Type", "application/json");
    request.setRequestHeader("Accept-Language", "zh-CN");
    request.onreadystatechange = function () {
      if (request.readyState !== 4) { return; }
      button.disabled = request.status === 200;
      tell(said(request.status));
    };
    request.send(JSON.stringify(body));
  }

  form.elements.token.value = location.hash.replace(/[^0-9A-Za-z_-]/g, "").slice(0, 40);
  form.addEventListener("submit", rate);
}());
