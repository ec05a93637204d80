// Makes the staff's desk quicker. Every page works without it.

// Writing: what is typed is saved by itself, and shown as it will be seen.
(() => {
  "use strict";
  const form = document.querySelector("form.writes");
  if (!form) return;
  const look = document.getElementById("look");
  const said = form.querySelector(".saved");
  const SAVE_AFTER = 3000, LOOK_AFTER = 400;
  let saveTimer, lookTimer, saving = null, stopped = !form.dataset.automatic, changed = false, looks = 0;

  // Without the files: these are sent by themselves.
  const fields = () => {
    const typed = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string") typed.append(name, value);
    }
    return typed;
  };

  const say = (text, link, label) => {
    if (!said) return;
    said.textContent = text || "";
    if (link) {
      const a = document.createElement("a");
      a.href = link;
      a.textContent = label;
      said.append(" ", a);
    }
  };

  const save = async () => {
    if (stopped || !changed) return;
    changed = false;
    const typed = fields();
    typed.set("automatic", "yes");
    try {
      const answer = await fetch(form.action, { method: "POST", body: typed, headers: { accept: "application/json" } });
      const kind = answer.headers.get("content-type") || "";
      if (!kind.startsWith("application/json")) {
        // Signed out, or not allowed any more: the button says so, and loses nothing.
        changed = stopped = true;
        return;
      }
      const told = await answer.json();
      if (told.stop) {
        changed = stopped = true;
        say(told.said);
        return;
      }
      if (told.conflict) {
        stopped = true;
        say(told.said, told.conflict, told.see);
        return;
      }
      for (const name of ["seen", "draft", "part"]) {
        if (told[name]) form.elements[name].value = told[name];
      }
      if (told.action) {
        form.action = told.action;
        history.replaceState(null, "", told.to);
      }
      say(told.said);
    } catch {
      changed = true;
    }
  };

  const saveSoon = () => {
    clearTimeout(saveTimer);
    saveTimer = setTimeout(() => {
      if (saving) return saveSoon();
      saving = save().finally(() => { saving = null; });
    }, SAVE_AFTER);
  };

  const lookSoon = () => {
    clearTimeout(lookTimer);
    lookTimer = setTimeout(async () => {
      const turn = ++looks;
      try {
        const answer = await fetch(form.dataset.preview, { method: "POST", body: fields() });
        if (answer.ok && turn === looks) look.innerHTML = await answer.text();
      } catch { /* The next key tries again. */ }
    }, LOOK_AFTER);
  };

  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    changed = true;
    saveSoon();
    lookSoon();
  });

  // What the pressed button says goes with a form that we send.
  const press = (button) => {
    if (!button || !button.name) return;
    const field = document.createElement("input");
    [field.type, field.name, field.value, field.className] = ["hidden", button.name, button.value, "pressed"];
    form.append(field);
  };

  // Whoever presses the button waits for what is on its way, so that nobody is in conflict with themselves.
  form.addEventListener("submit", async (event) => {
    clearTimeout(saveTimer);
    const files = [...form.querySelectorAll("input[type=file]")].find((input) => input.files.length);
    if (saving) {
      event.preventDefault();
      await saving;
      changed = false;
      press(event.submitter);
      if (files) upload(files); else form.submit();
      return;
    }
    changed = false;
    if (files) {
      event.preventDefault();
      press(event.submitter);
      upload(files);
    }
  });

  addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });

  // Pictures: dropped, pasted or chosen, and sent at once with all that was typed.
  const upload = (input) => {
    const bar = input.closest(".drop-here").querySelector("progress");
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.upload.addEventListener("progress", (event) => {
      bar.hidden = false;
      if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
    });
    request.addEventListener("load", () => {
      changed = false;
      if (request.status === 200 || request.status === 409) {
        location.assign(request.responseURL);
        return;
      }
      // What was wrong, as the page says it.
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      const alarm = page.querySelector(".alarm");
      bar.hidden = true;
      for (const field of form.querySelectorAll(".pressed")) field.remove();
      for (const chosen of form.querySelectorAll("input[type=file]")) chosen.value = "";
      const old = document.querySelector("main > .alarm");
      if (old) old.remove();
      if (alarm) {
        form.before(alarm);
        alarm.tabIndex = -1;
        alarm.focus();
      }
    });
    request.addEventListener("error", () => { bar.hidden = true; form.submit(); });
    request.send(new FormData(form));
  };

  for (const input of form.querySelectorAll("input[type=file]")) {
    const place = input.closest(".drop-here");
    const send = async (files) => {
      if (![...files].some((file) => file.type.startsWith("image/"))) return;
      clearTimeout(saveTimer);
      if (saving) await saving;
      input.files = files;
      upload(input);
    };
    for (const kind of ["dragenter", "dragover"]) {
      place.addEventListener(kind, (event) => { event.preventDefault(); place.classList.add("over"); });
    }
    for (const kind of ["dragleave", "drop"]) {
      place.addEventListener(kind, () => place.classList.remove("over"));
    }
    place.addEventListener("drop", (event) => { event.preventDefault(); send(event.dataTransfer.files); });
    // Into the post in whose text it is pasted.
    form.addEventListener("paste", (event) => {
      const post = event.target.closest(".post-of-draft");
      const name = post ? post.id.replace("post", "picture") : "picture";
      if (input.name !== name || !event.clipboardData.files.length) return;
      event.preventDefault();
      send(event.clipboardData.files);
    });
  }

  // The focal point: where somebody clicks.
  for (const picture of form.querySelectorAll(".picture")) {
    const image = picture.querySelector("img");
    const [x, y] = ["x", "y"].map((axis) => picture.querySelector(`[data-focus=${axis}]`));
    const step = (place) => String(Math.round((place + 1) * 4));
    image.addEventListener("click", (event) => {
      const box = image.getBoundingClientRect();
      const place = (at, size) => Math.max(-1, Math.min(1, (2 * at) / size - 1));
      x.value = place(event.clientX - box.left, box.width).toFixed(2);
      y.value = (-place(event.clientY - box.top, box.height)).toFixed(2);
      x.dispatchEvent(new Event("input", { bubbles: true }));
    });
    picture.addEventListener("input", () => {
      image.dataset.x = step(Number(x.value) || 0);
      image.dataset.y = step(-(Number(y.value) || 0));
    });
  }

  // Hashtags and people to choose from, below each text.
  for (const text of form.querySelectorAll("textarea[name=text], .post-of-draft textarea[name^=text-]")) offer(text);
  function offer(text) {
    const offers = document.createElement("div");
    offers.className = "offers";
    text.after(offers);
    let asked = 0;
    const word = () => /(?:^|\s)([#@][^\s#]{1,60})$/.exec(text.value.slice(0, text.selectionStart));
    text.addEventListener("input", async () => {
      const turn = ++asked, found = word();
      if (!found) { offers.replaceChildren(); return; }
      try {
        const answer = await fetch(`${form.dataset.lookup}?q=${encodeURIComponent(found[1])}`);
        if (!answer.ok || turn !== asked) return;
        const told = await answer.json();
        offers.replaceChildren(...told.found.map((offer) => {
          const button = document.createElement("button");
          button.type = "button";
          button.textContent = offer;
          button.addEventListener("click", () => {
            const at = text.selectionStart, now = word();
            if (now) text.setRangeText(`${offer} `, at - now[1].length, at, "end");
            offers.replaceChildren();
            text.focus();
            text.dispatchEvent(new Event("input", { bubbles: true }));
          });
          return button;
        }));
      } catch { offers.replaceChildren(); }
    });
  }
})();
