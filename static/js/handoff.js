// Carries the browser on to the payment page; coming back with the back button it waits for the hand.

const form = document.querySelector("[data-handoff]");
const [entry] = performance.getEntriesByType("navigation");
if (form && entry?.type !== "back_forward" && entry?.type !== "reload") {
  const say = form.querySelector("[data-handoff-say]");
  say.textContent = say.dataset.handoffSay;
  form.submit();
}
