// A button beside each password field that shows what was typed. Its words stand in the field's own attributes.

for (const field of document.querySelectorAll("input[type=password][data-show]")) {
  const { show, hide } = field.dataset;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "show";
  button.textContent = show;
  button.setAttribute("aria-controls", field.id);
  button.addEventListener("click", () => {
    const isHidden = field.type === "password";
    field.type = isHidden ? "text" : "password";
    button.textContent = isHidden ? hide : show;
    field.focus();
  });
  field.after(button);
  // What is sent is a password again, so that browsers neither keep nor suggest it as a text.
  field.form?.addEventListener("submit", () => {
    field.type = "password";
    button.textContent = show;
  });
}
