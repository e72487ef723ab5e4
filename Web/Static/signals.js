// Tells password managers which passkeys are still accepted here and what the account is called now, so that they offer no
// removed one (Web Authentication Level 3, section 5.1.10). What is told stands in the page, in the elements' attributes.

for (const { dataset } of document.querySelectorAll("[data-signal]")) {
  const signal = window.PublicKeyCredential?.[dataset.signal];
  // Nothing hangs on it: a browser that refuses goes on offering what it has.
  signal?.call(PublicKeyCredential, JSON.parse(dataset.options)).catch(() => {});
}
