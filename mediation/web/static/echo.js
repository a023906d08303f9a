// Says back how the server reads an amount, a moment after somebody has stopped typing; silent about all else.
"use strict";
(() => {
  const PAUSE = 600, LONGEST = 40;

  for (const field of document.querySelectorAll("input[data-echo]")) {
    const line = document.getElementById(`${field.id}-echo`);
    let timer = 0, asking = null;

    async function ask() {
      const said = field.value.trim();
      if (!said || said.length > LONGEST) return;
      asking = new AbortController();
      try {
        const url = `${field.dataset.echo}&said=${encodeURIComponent(said)}`;
        const answer = await fetch(url, { credentials: "same-origin", signal: asking.signal });
        if (answer.ok) line.textContent = (await answer.json()).said;
      } catch { /* no line, or typed on: the form says later what it could not read */ }
    }

    function typed(event) {
      if (event.isComposing) return;
      clearTimeout(timer);
      if (asking) asking.abort();
      line.textContent = ""; // what stands there is of another text by now
      timer = setTimeout(ask, PAUSE);
    }

    field.addEventListener("input", typed);
    field.addEventListener("compositionend", typed);
    if (!line.textContent) ask();
  }
})();
