// Follow-up questions come and go with the answers they depend on. Without the script all of them stand on the page.

const asks = [...document.querySelectorAll("[data-when]")].map((box) => ({ box, ...JSON.parse(box.dataset.when) }));

const values = (form, name) => new FormData(form).getAll(name).map(String);
const met = (form, rule) => {
  const given = values(form, rule.field).filter(Boolean);
  if (rule.op === "exists") return (given.length > 0) === (rule.value === "true");
  return rule.op === "!=" ? !given.includes(rule.value) : given.includes(rule.value);
};

const follow = (form) => {
  for (const ask of asks) {
    if (!form.contains(ask.box)) continue;
    const on = ask.any ? ask.rules.some((rule) => met(form, rule)) : ask.rules.every((rule) => met(form, rule));
    ask.box.toggleAttribute("data-off", !on);
  }
};

for (const form of new Set(asks.map((ask) => ask.box.closest("form")))) {
  form.addEventListener("change", () => follow(form));
  follow(form);
}
