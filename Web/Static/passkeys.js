// Passkeys in forms.
//
// A form with data-passkey="get" or "create" asks for a passkey when it is sent: it sends its fields to the address in
// data-options-path, which answers with options, hands them to the browser, puts the answer into its field "response", and goes on as
// any form does. With data-autofill a passkey is offered in the field with autocomplete="webauthn", too.
//
// A field with data-passkeys-possible tells the server "yes" where this device could keep a passkey.
//
// Such forms, and whatever else has data-with-passkeys, are hidden until this ran; what has data-without-passkeys is hidden
// then. What is said when it comes to nothing stands in the form's own attributes, in the page's language.

const renewal = 30_000;
let pending = null;

const bytes = text =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), letter => letter.charCodeAt(0));

const text = buffer =>
  btoa(Array.from(new Uint8Array(buffer), byte => String.fromCharCode(byte)).join(""))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const described = list => (list ?? []).map(item => ({ ...item, id: bytes(item.id) }));

const parse = {
  create: options =>
    PublicKeyCredential.parseCreationOptionsFromJSON?.(options) ?? {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: described(options.excludeCredentials),
    },
  get: options =>
    PublicKeyCredential.parseRequestOptionsFromJSON?.(options) ?? {
      ...options,
      challenge: bytes(options.challenge),
      allowCredentials: described(options.allowCredentials),
    },
};

// Some password managers put an object of their own in place, whose toJSON fails.
function written(credential) {
  try {
    return credential.toJSON();
  } catch {
    const { response } = credential;
    const parts = { clientDataJSON: text(response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (response[name]) parts[name] = text(response[name]);
    }
    if (response.getTransports) parts.transports = response.getTransports();
    return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response: parts };
  }
}

// Where options are asked for in vain, because a proof has to come first or the sign-in is over, the page leads on when it is loaded
// again.
class PageOver extends Error {}

async function fetchOptions(form, signal) {
  const answer = await fetch(form.dataset.optionsPath, {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(new FormData(form)).toString(),
    redirect: "manual",
    signal,
  });
  if (answer.type === "opaqueredirect") throw new PageOver();
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

// One ceremony at a time: browsers refuse a second one beside it.
async function ask(form, mediation) {
  // What somebody asked for goes before what the browser suggests.
  if (mediation && busy()) return;
  pending?.abort();
  const mine = pending = new AbortController();
  const kind = form.dataset.passkey;
  const options = await fetchOptions(form, mine.signal);
  if (mine.signal.aborted) throw new DOMException("", "AbortError");
  if (mediation) setTimeout(() => mine === pending && offer(form), Math.max(renewal, options.timeout - renewal));
  const request = { publicKey: parse[kind](options), signal: mine.signal };
  if (mediation) request.mediation = mediation;
  const credential = await navigator.credentials[kind](request);
  form.elements.response.value = JSON.stringify(written(credential));
  form.submit();
}

function show(form, problem) {
  const place = form.querySelector("[data-problem]");
  if (!place) return;
  place.textContent = problem;
  place.hidden = !problem;
}

function explanation(form, error) {
  const { cancelled, known, failed } = form.dataset;
  if (error.name === "NotAllowedError" || error.name === "AbortError") return cancelled ?? failed;
  return error.name === "InvalidStateError" ? known ?? failed : failed;
}

async function send(form) {
  const button = form.querySelector("button[type=submit]");
  button.disabled = true;
  form.setAttribute("aria-busy", "true");
  show(form, "");
  try {
    await ask(form);
  } catch (error) {
    if (error instanceof PageOver) return location.reload();
    show(form, explanation(form, error));
    button.disabled = false;
    button.focus();
    offerAll();
  } finally {
    form.removeAttribute("aria-busy");
  }
}

// Nobody asked for it, so nobody is told when nothing comes of it.
async function offer(form) {
  try {
    await ask(form, "conditional");
  } catch {
    // The button is still there.
  }
}

async function offerAll() {
  const form = document.querySelector("form[data-passkey=get][data-autofill]");
  if (form && await PublicKeyCredential.isConditionalMediationAvailable?.()) await offer(form);
}

if (window.PublicKeyCredential && navigator.credentials) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", event => {
      event.preventDefault();
      if (!form.reportValidity()) return;
      send(form);
    });
  }
  for (const element of document.querySelectorAll("[data-with-passkeys]")) element.hidden = false;
  for (const element of document.querySelectorAll("[data-without-passkeys]")) element.hidden = true;
  PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable?.().then(isThere => {
    for (const field of document.querySelectorAll("[data-passkeys-possible]")) field.value = isThere ? "yes" : "";
  });
  // Another tab may have asked for options of its own meanwhile, and a browser may show a page again that it kept.
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && !busy() && offerAll());
  addEventListener("pageshow", event => {
    if (!event.persisted) return;
    for (const button of document.querySelectorAll("form[data-passkey] button")) button.disabled = false;
    offerAll();
  });
  offerAll();
}

function busy() {
  return document.querySelector("form[data-passkey][aria-busy]") !== null;
}
