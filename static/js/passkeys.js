// Passkeys: forms with data-passkey="create" or "get" ask the browser for one and send its answer.
// data-options is "#id" of a JSON script in the page, or an address that gives `request_options`.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const opened = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

const able = () => window.isSecureContext && "PublicKeyCredential" in window;

async function optionsOf(form) {
  const where = form.dataset.options;
  if (where.startsWith("#")) return JSON.parse(document.querySelector(where).textContent).publicKey;
  const answer = await fetch(where, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return (await answer.json()).request_options.publicKey;
}

async function create(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: opened(options.excludeCredentials),
    authenticatorSelection: {
      ...options.authenticatorSelection,
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    },
  };
  const made = await navigator.credentials.create({ publicKey });
  return answerOf(made, {
    attestationObject: text(made.response.attestationObject),
    transports: made.response.getTransports?.() ?? [],
  });
}

async function get(options) {
  const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: opened(options.allowCredentials) };
  const shown = await navigator.credentials.get({ publicKey });
  const { authenticatorData, signature, userHandle } = shown.response;
  return answerOf(shown, {
    authenticatorData: text(authenticatorData),
    signature: text(signature),
    userHandle: userHandle ? text(userHandle) : null,
  });
}

const answerOf = (credential, response) => ({
  id: credential.id,
  rawId: text(credential.rawId),
  type: credential.type,
  authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
  clientExtensionResults: credential.getClientExtensionResults(),
  response: { clientDataJSON: text(credential.response.clientDataJSON), ...response },
});

document.querySelectorAll("form[data-passkey]").forEach((form) => {
  if (!able()) return;
  form.hidden = false;
  form.querySelectorAll("[data-unable]").forEach((words) => (words.hidden = true));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const failed = form.querySelector("[data-failed]");
    failed.hidden = true;
    try {
      const ask = form.dataset.passkey === "create" ? create : get;
      form.elements.credential.value = JSON.stringify(await ask(await optionsOf(form)));
      form.submit();
    } catch {
      failed.hidden = false;
      form.querySelector("button[type=submit]").focus();
    }
  });
});
