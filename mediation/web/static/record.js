// A recording made on the page: heard before it is added, and then sent by the form as a file of one's own.
"use strict";
(() => {
  const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
  const words = document.getElementById("recording");
  const media = navigator.mediaDevices;
  if (!words || !window.MediaRecorder || !media || !media.getUserMedia || !media.enumerateDevices) return;
  const kind = KINDS.find((one) => MediaRecorder.isTypeSupported(one));
  if (!kind) return;

  async function offer() {
    const devices = await media.enumerateDevices().catch(() => []);
    if (!devices.some((one) => one.kind === "audioinput")) return;
    const box = words.content.firstElementChild.cloneNode(true);
    words.replaceWith(box);
    const part = (name) => box.querySelector(`[data-part=${name}]`);
    const most = Number(box.dataset.most), field = document.getElementById(box.dataset.field);
    let recorder = null, made = null, timer = 0;

    function show(state, said = "") {
      for (const one of box.querySelectorAll("[data-when]")) one.hidden = one.dataset.when !== state;
      part("said").textContent = said;
    }

    function clock(since) {
      const seconds = Math.min(most, Math.floor((Date.now() - since) / 1000));
      part("clock").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
      if (seconds >= most && recorder.state === "recording") recorder.stop();
      return seconds;
    }

    async function start() {
      part("start").disabled = true;
      let stream = null;
      try {
        stream = await media.getUserMedia({ audio: true });
        recorder = new MediaRecorder(stream, { mimeType: kind, audioBitsPerSecond: 32000 });
      } catch (wrong) {
        if (stream) stream.getTracks().forEach((track) => track.stop());
        show("ready", wrong.name === "NotAllowedError" ? box.dataset.refused : box.dataset.failed);
        part("start").disabled = false;
        return;
      }
      const parts = [], since = Date.now();
      recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
      recorder.addEventListener("stop", () => {
        clearInterval(timer);
        const full = clock(since) >= most;
        stream.getTracks().forEach((track) => track.stop());
        made = new File(parts, "recording", { type: kind.split(";")[0] });
        part("heard").src = URL.createObjectURL(made);
        part("start").disabled = false;
        show("made", full ? box.dataset.full : box.dataset.done);
        part("add").focus();
      });
      recorder.start();
      timer = setInterval(() => clock(since), 250);
      clock(since);
      show("going", box.dataset.going);
      part("stop").focus();
    }

    function forget() {
      URL.revokeObjectURL(part("heard").src);
      part("heard").removeAttribute("src");
      made = null;
      show("ready");
      part("start").focus();
    }

    function add() {
      const files = new DataTransfer();
      files.items.add(made);
      field.files = files.files;
      part("add").disabled = part("drop").disabled = true;
      field.form.querySelector("button").click();
    }

    part("start").addEventListener("click", start);
    part("stop").addEventListener("click", () => { if (recorder.state === "recording") recorder.stop(); });
    part("drop").addEventListener("click", forget);
    part("add").addEventListener("click", add);
    show("ready");
  }
  offer();
})();
