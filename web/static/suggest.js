// Completes what is typed into the search boxes: a combobox whose list pops up below it
// (WAI-ARIA Authoring Practices 1.2, "Combobox"). The site works without it.
(() => {
  "use strict";

  const pause = 120; // ms without a key before the archive is asked
  const shown = 8; // suggestions
  const least = 2; // letters

  // filters are the restrictions that a form carries along.
  const filters = (form) =>
    [...form.elements].filter((e) => e.type === "hidden" && e.name !== "sort" && e.name !== "limit");

  const part = (name, text) => {
    const span = document.createElement("span");
    span.className = name;
    span.textContent = text;
    return span;
  };

  const attach = (input) => {
    const form = input.form;
    const list = document.createElement("ul");
    list.id = input.id + "-suggestions";
    list.className = "suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Suggestions");
    list.hidden = true;
    const told = document.createElement("span");
    told.className = "hush";
    told.setAttribute("role", "status");
    input.after(list, told);
    for (const [name, value] of [
      ["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id],
    ]) input.setAttribute(name, value);

    let offered = []; // suggestions in the list
    let active = -1; // place of the one that Enter takes
    let waiting = 0;
    let asking = null;

    const mark = (place) => {
      active = place;
      [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === place)));
      if (place < 0) {
        input.removeAttribute("aria-activedescendant");
        return;
      }
      input.setAttribute("aria-activedescendant", list.children[place].id);
      list.children[place].scrollIntoView({ block: "nearest" });
    };

    const close = () => {
      clearTimeout(waiting);
      if (asking) asking.abort();
      asking = null;
      list.hidden = true;
      told.textContent = "";
      input.setAttribute("aria-expanded", "false");
      mark(-1);
    };

    const take = (suggestion) => {
      close();
      if (suggestion.release) {
        location.assign(suggestion.url);
        return;
      }
      const asked = new URLSearchParams();
      for (const e of form.elements) if (e.type === "hidden") asked.append(e.name, e.value);
      if (suggestion.q) asked.set("q", suggestion.q);
      if (suggestion.field && !asked.getAll(suggestion.field).includes(suggestion.value)) {
        asked.append(suggestion.field, suggestion.value);
      }
      input.value = suggestion.q;
      location.assign(form.action.split("?")[0] + "?" + asked);
    };

    const show = (suggestions) => {
      offered = suggestions;
      if (offered.length === 0) {
        close();
        return;
      }
      const counted = filters(form).length === 0; // numbers are those of the whole archive
      list.replaceChildren(...offered.map((s, i) => {
        const item = document.createElement("li");
        item.id = list.id + "-" + i;
        item.setAttribute("role", "option");
        const text = s.field && s.q ? s.q + " · " + s.text : s.text;
        item.append(part("what", text), part("kind", s.release || s.kind !== "word" ? s.label : ""));
        if (counted && !s.release) item.append(part("count", s.releases.toLocaleString("en-US")));
        item.addEventListener("click", () => take(s));
        return item;
      }));
      list.hidden = false;
      list.scrollTop = 0;
      input.setAttribute("aria-expanded", "true");
      told.textContent = offered.length === 1 ? "1 suggestion" : offered.length + " suggestions";
      mark(-1);
    };

    const ask = async () => {
      const typed = input.value;
      if (asking) asking.abort();
      const mine = (asking = new AbortController());
      try {
        const answer = await fetch(input.dataset.suggest + "?" + new URLSearchParams({ q: typed, limit: shown }), { signal: mine.signal });
        const found = answer.ok ? (await answer.json()).suggestions : [];
        if (asking === mine && input.value === typed && document.activeElement === input) show(found);
      } catch {
        if (asking === mine) close(); // help is not worth a message
      }
    };

    input.addEventListener("input", (event) => {
      clearTimeout(waiting);
      if (event.isComposing) return;
      if (input.value.trim().length < least) {
        close();
        return;
      }
      waiting = setTimeout(ask, pause);
    });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
      const open = !list.hidden;
      const last = offered.length - 1;
      switch (event.key) {
        case "ArrowDown":
          if (open) mark(active === last ? -1 : active + 1);
          else if (input.value.trim().length >= least) ask();
          else return;
          break;
        case "ArrowUp":
          if (!open) return;
          mark(active < 0 ? last : active - 1);
          break;
        case "Enter":
          if (!open || active < 0) {
            close();
            return;
          }
          take(offered[active]);
          break;
        case "Escape":
          if (!open) return;
          close();
          break;
        default:
          return;
      }
      event.preventDefault();
    });
    input.addEventListener("blur", close);
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
    addEventListener("pageshow", close); // back from where a suggestion led
  };

  document.querySelectorAll("input[data-suggest]").forEach(attach);
})();
