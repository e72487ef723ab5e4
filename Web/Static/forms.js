// A form goes out once: a second click while its answer is on its way would cancel the first one's, and be told that it is over.

const rest = 5_000;
const forms = document.querySelectorAll("form[method=post]:not([data-passkey])");

for (const form of forms) {
  form.addEventListener("submit", event => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, rest);
  });
}

// A page that the browser kept is as it was left, and may be used again.
addEventListener("pageshow", () => forms.forEach(form => delete form.dataset.sent));
