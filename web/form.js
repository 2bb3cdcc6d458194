// A form of one field. What is wrong with its content is said below it, and the content stays for another try.

/** Calls `send` with the content of the field whenever the form is submitted, and shows the message of its error. */
export function onSubmit(form, send) {
  const [field] = form.elements;
  const complaint = form.querySelector("[role=alert]");

  function complain(text) {
    complaint.textContent = text;
    field.ariaInvalid = String(text !== "");
  }

  async function attempt() {
    complain("");
    try {
      await send(field.value);
      form.reset();
    } catch (error) {
      complain(error.message);
      field.focus();
    }
  }

  form.addEventListener("reset", () => complain(""));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.ariaBusy === "true") return;
    form.ariaBusy = "true";
    await attempt();
    form.ariaBusy = "false";
  });
}
