// The views of the page are the sections of index.html. One of them is shown at a time.

/** Shows the view of this id and hides the others. The keyboard goes to what the view marks with `data-focus`. */
export function show(id) {
  for (const view of document.querySelectorAll("main > section")) view.hidden = view.id !== id;
  document.querySelector(`#${id} [data-focus]`)?.focus();
}
