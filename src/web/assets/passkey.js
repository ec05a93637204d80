// Asks the browser for passkeys. Where it cannot, the forms for passwords stand on the page as ever.
(() => {
  "use strict";

  if (!window.PublicKeyCredential || !navigator.credentials) return;

  const bytes = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) =>
    btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""))
      .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const described = (list) => list.map((it) => ({ ...it, id: bytes(it.id) }));

  async function make(options) {
    const made = await navigator.credentials.create({
      publicKey: {
        ...options,
        challenge: bytes(options.challenge),
        user: { ...options.user, id: bytes(options.user.id) },
        excludeCredentials: described(options.excludeCredentials),
      },
    });
    return {
      response: {
        clientDataJSON: text(made.response.clientDataJSON),
        attestationObject: text(made.response.attestationObject),
        transports: made.response.getTransports?.() ?? [],
      },
    };
  }

  async function show(options) {
    const shown = await navigator.credentials.get({
      publicKey: {
        ...options,
        challenge: bytes(options.challenge),
        allowCredentials: described(options.allowCredentials),
      },
    });
    const { clientDataJSON, authenticatorData, signature, userHandle } = shown.response;
    return {
      rawId: text(shown.rawId),
      response: {
        clientDataJSON: text(clientDataJSON),
        authenticatorData: text(authenticatorData),
        signature: text(signature),
        userHandle: userHandle && text(userHandle),
      },
    };
  }

  /** The question: it stands on the page, or is asked for when somebody presses the button. */
  async function question(form) {
    if (form.dataset.options) return { options: JSON.parse(form.dataset.options) };
    const answer = await fetch(form.dataset.question, { method: "POST", headers: { accept: "application/json" } });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return answer.json();
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const button = form.querySelector("button");
    const failed = form.querySelector("[data-failed]");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      if (form.elements.answer.value) return;
      event.preventDefault();
      failed.hidden = true;
      button.disabled = true;
      try {
        const { step, options } = await question(form);
        if (step) form.elements.step.value = step;
        const answer = form.dataset.passkey === "make" ? await make(options) : await show(options);
        form.elements.answer.value = JSON.stringify(answer);
        form.submit();
      } catch {
        failed.hidden = false;
      } finally {
        button.disabled = false;
      }
    });
  }

  // Who comes back to the page by the browser's history asks anew.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.querySelectorAll("form[data-passkey]")) form.elements.answer.value = "";
  });
})();
