// Shows a reload link when a new commit is served. The page works without it.
(function () {
  "use strict";
  var scheme = location.protocol === "https:" ? "wss://" : "ws://";
  var socket = new WebSocket(scheme + location.host + "/admin/live/");
  socket.onmessage = function (message) {
    var commit = JSON.parse(message.data).commit.slice(0, 10);
    var note = document.getElementById("live-note") || document.createElement("p");
    var link = document.createElement("a");
    note.id = "live-note";
    note.className = "messagelist";
    note.setAttribute("role", "status");
    link.href = location.href;
    link.textContent = "A new commit is served (" + commit + "). Reload";
    note.replaceChildren(link);
    document.getElementById("content").prepend(note);
  };
})();
