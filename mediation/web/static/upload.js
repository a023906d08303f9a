// A file field that makes photos smaller and sends in parts; without this script the form sends the file itself.
"use strict";
(() => {
  const LONGEST = 1600, LONG_CHAT = 2.5, PART = 256 * 1024, WORTH = 400 * 1024;

  async function smaller(file) {
    // The screen of a long chat must stay legible: it goes as it is.
    if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size < WORTH) return file;
    try {
      const image = await createImageBitmap(file, { imageOrientation: "from-image" });
      const long = Math.max(image.width, image.height), short = Math.min(image.width, image.height);
      if (long / short > LONG_CHAT) return file;
      const scale = Math.min(1, LONGEST / long), canvas = document.createElement("canvas");
      canvas.width = Math.round(image.width * scale);
      canvas.height = Math.round(image.height * scale);
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
      return made && made.size < file.size ? made : file;
    } catch {
      return file;
    }
  }

  const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

  async function asked(url, options, tries) {
    // A line that drops is tried again, ever more slowly, for a quarter of an hour.
    for (let turn = 0; ; turn++) {
      try {
        const answer = await fetch(url, { credentials: "same-origin", ...options });
        if (answer.status < 500) return answer;
      } catch { /* no line */ }
      if (turn >= 60) return null;
      tries();
      await pause(Math.min(15000, 500 * 2 ** Math.min(turn, 5)));
    }
  }

  async function send(field, file, token, say) {
    const key = `upload ${field.dataset.for} ${file.size} ${await digest(file)}`;
    const headers = { "X-CSRFToken": token, Accept: "application/json" };
    const waiting = () => say(field.dataset.waiting);
    const about = `?for=${encodeURIComponent(field.dataset.for)}`;
    let secret = sessionStorage.getItem(key), came = 0;
    if (secret) {
      const stands = await asked(`${field.dataset.parts}/${secret}${about}`, { headers }, waiting);
      if (stands && stands.ok) came = (await stands.json()).came;
      else secret = null;
    }
    if (!secret) {
      const body = new URLSearchParams({ for: field.dataset.for, size: file.size });
      const begun = await asked(field.dataset.parts, { method: "POST", headers, body }, waiting);
      if (!begun || !begun.ok) return null;
      secret = (await begun.json()).upload;
      sessionStorage.setItem(key, secret);
    }
    while (came < file.size) {
      say(`${field.dataset.going}${Math.floor((100 * came) / file.size)} %`);
      const options = {
        method: "PATCH", body: file.slice(came, came + PART),
        headers: { ...headers, "Upload-Offset": came, "Content-Type": "application/octet-stream" },
      };
      const answer = await asked(`${field.dataset.parts}/${secret}${about}`, options, waiting);
      if (!answer || !(answer.ok || answer.status === 409)) { sessionStorage.removeItem(key); return null; }
      came = (await answer.json()).came;
    }
    sessionStorage.removeItem(key);
    return secret;
  }

  async function digest(file) {
    // Only to know the same file again on this page; where there is no such function its size will do.
    if (!crypto.subtle) return "";
    const hash = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return Array.from(new Uint8Array(hash).slice(0, 8), (byte) => byte.toString(16)).join("");
  }

  for (const field of document.querySelectorAll("input[type=file][data-parts]")) {
    const form = field.form, state = document.getElementById(`${field.id}-state`);
    form.addEventListener("submit", async (event) => {
      const file = field.files[0];
      if (!file || form.elements.upload) return;
      event.preventDefault();
      const button = event.submitter || form.querySelector("button");
      if (button) button.disabled = true;
      const say = (text) => { if (state.textContent !== text) state.textContent = text; };
      const secret = await send(field, await smaller(file), form.elements.csrf_token?.value || "", say);
      if (button) button.disabled = false;
      if (secret) {
        const hidden = document.createElement("input");
        Object.assign(hidden, { type: "hidden", name: "upload", value: secret });
        form.append(hidden);
        field.disabled = true;
        say(`${field.dataset.going}100 %`);
      }
      form.submit(); // without a secret the file goes whole, and the answer says what is wrong with it
    });
  }
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
