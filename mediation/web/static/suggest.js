// Offers registered names while somebody types one; any other may be typed as well.
"use strict";
(() => {
  const PAUSE = 300, SHORTEST = 2, LONGEST = 100;

  for (const field of document.querySelectorAll("input[data-suggest]")) {
    const list = field.list;
    let timer = 0, asking = null;

    async function ask() {
      const said = field.value.trim();
      if (said.length < SHORTEST || said.length > LONGEST) { list.replaceChildren(); return; }
      asking = new AbortController();
      try {
        const url = `${field.dataset.suggest}?said=${encodeURIComponent(said)}`;
        const answer = await fetch(url, { credentials: "same-origin", signal: asking.signal });
        if (!answer.ok) return;
        list.replaceChildren(...(await answer.json()).names.map((name) => new Option(name, name)));
      } catch { /* no line, or typed on: he writes the name himself */ }
    }

    function typed(event) {
      if (event.isComposing) return;
      clearTimeout(timer);
      if (asking) asking.abort();
      // What was chosen from the list is not looked for again.
      if ([...list.options].some((one) => one.value === field.value)) return;
      timer = setTimeout(ask, PAUSE);
    }

    field.addEventListener("input", typed);
    field.addEventListener("compositionend", typed);
  }
})();
