// The button does the same: this only saves the visitor a click.
const form = document.querySelector("form[data-return]");
if (form) setTimeout(() => form.requestSubmit(), 1200);
