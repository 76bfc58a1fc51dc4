// A, C, Q, N, R open the decision of that letter and put the cursor into its first field. Escape closes it.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "Escape") {
    const open = document.querySelector("details[data-key][open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
    return;
  }
  if (typing) return;
  const wanted = document.querySelector(`details[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!wanted) return;
  event.preventDefault();
  for (const other of document.querySelectorAll("details[data-key]")) other.open = other === wanted;
  const field = wanted.querySelector("textarea, select, input:not([type=hidden])");
  field.focus({ preventScroll: true });
  wanted.scrollIntoView({ block: "nearest" });
});
