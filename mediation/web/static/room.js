// A room of a meeting as it goes on; without this script its page is read again by hand.
"use strict";
(() => {
  const POLL = 15000, SOON = 1000, FAR = 150;
  let room = document.getElementById("room"), stream = null, polling = 0, busy = null, again = false;
  if (!room || !room.dataset.stream) return;

  const part = (name) => room.querySelector(`[data-part=${name}]`);
  const box = () => room.querySelector("#say textarea");
  const audience = () => (room.querySelector("[name=audience]") || { value: room.dataset.audience }).value;
  const written = () => (box() && box().value !== box().defaultValue ? box().value : "");

  function tell(what) {
    const line = part("line");
    line.textContent = what ? line.dataset[what] : "";
    line.hidden = !what;
  }

  // --- the page --------------------------------------------------------------------------------------------

  function show(html, url, keep) {
    const page = new DOMParser().parseFromString(html, "text/html"), next = page.getElementById("room");
    if (!next) { location.assign(url); return; }
    const old = box(), typing = old && document.activeElement === old, from = audience();
    const text = keep ? written() : "", caret = old ? old.selectionStart : 0, said = room.querySelector("#said");
    const low = said ? said.getBoundingClientRect().bottom : 0;
    room.replaceWith(next);
    room = next;
    document.title = page.title;
    if (new URL(url).pathname === location.pathname) history.replaceState(null, "", url.split("#")[0]);
    if (text && box() && audience() === from) box().value = text;
    if (typing && box() && audience() === from) {
      box().focus({ preventScroll: true });
      box().setSelectionRange(caret, caret);
    }
    // What somebody looks at stays where it is while lines come in above it.
    const list = room.querySelector("#said");
    if (list && typing) window.scrollBy(0, list.getBoundingClientRect().bottom - low);
    const wrong = room.querySelector("[role=alert][tabindex]");
    if (wrong) wrong.focus();
    count();
  }

  async function load() {
    if (busy) { again = true; return; }
    busy = true;
    try {
      await keepWords();
      const answer = await fetch(location.href.split("#")[0], { credentials: "same-origin" });
      if (answer.status < 500) show(await answer.text(), answer.url, true);
    } catch { /* no line: the stream says so, and comes back */ }
    busy = null;
    if (again) { again = false; load(); }
  }

  // Words for a room that one may leave in a moment are kept with that room: they never travel.
  async function keepWords() {
    const form = box() && box().form;
    if (!form || !written()) return;
    const said = new FormData(form);
    said.set("do", "keep");
    said.delete("once");
    await fetch(form.action, { method: "POST", body: said, credentials: "same-origin", headers: { Accept: "application/json" } });
  }

  async function send(form, button) {
    if (busy) return;
    busy = true;
    const said = new FormData(form);
    if (button && button.name) said.set(button.name, button.value);
    form.setAttribute("aria-busy", "true");
    if (box()) box().readOnly = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body: said, credentials: "same-origin" });
      if (answer.status >= 500) throw new Error("busy");
      show(await answer.text(), answer.url, false);
    } catch {
      form.removeAttribute("aria-busy");
      if (box()) box().readOnly = false;
      tell("unsent");
    }
    busy = null;
    if (again) { again = false; load(); }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!room.contains(form) || !new URL(form.action).pathname.startsWith(location.pathname)) return;
    event.preventDefault();
    send(form, event.submitter);
  });

  function count() {
    const left = part("seconds");
    if (!left) return;
    const until = Date.now() + 1000 * Number(left.textContent);
    const tick = () => {
      if (!left.isConnected) return;
      left.textContent = String(Math.max(0, Math.ceil((until - Date.now()) / 1000)));
      setTimeout(tick, FAR);
    };
    tick();
  }

  // --- the stream ------------------------------------------------------------------------------------------

  function heard(event) {
    const said = JSON.parse(event.data), list = room.querySelector("#said");
    const shown = list && list.dataset.shows === said.audience && !list.dataset.before;
    if (!shown) {
      const door = room.querySelector(`[data-new="${said.audience}"]`);
      if (door) door.hidden = false;
      else if (room.querySelector(`.notes[data-audience="${said.audience}"]`)) load();
      return;
    }
    const made = document.createElement("template");
    made.innerHTML = said.html;
    const line = made.content.querySelector("li");
    if (document.getElementById(line.id)) return;
    const low = list.getBoundingClientRect().bottom;
    list.append(line);
    const none = part("nobody");
    if (none) none.remove();
    window.scrollBy(0, list.getBoundingClientRect().bottom - low);
  }

  function poll(on) {
    if (on && !polling) polling = setInterval(load, POLL);
    if (!on && polling) { clearInterval(polling); polling = 0; }
  }

  function listen() {
    stream = new EventSource(room.dataset.stream);
    stream.addEventListener("open", () => {
      tell("");
      poll(false);
      document.documentElement.classList.add("live"); // no need to read the page again by hand
    });
    stream.addEventListener("said", heard);
    stream.addEventListener("changed", load);
    stream.addEventListener("error", () => {
      tell("lost");
      poll(true);
      document.documentElement.classList.remove("live");
      if (stream.readyState !== EventSource.CLOSED) return;
      // It was refused: perhaps only for now.
      setTimeout(async () => { await load(); listen(); }, POLL);
    });
  }

  window.addEventListener("pagehide", () => { if (stream) stream.close(); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) setTimeout(() => { load(); listen(); }, SOON); });
  count();
  listen();
})();
