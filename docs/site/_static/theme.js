// Light or dark as the reader has chosen, before anything is drawn.
document.body.dataset.theme = localStorage.getItem("theme") || "auto";
