// Makes pages pleasant; every page works without it.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");

// A form is sent once. Coming back with the back button makes it fresh again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  all("button[type=submit]", form).forEach((button) => button.setAttribute("aria-disabled", "true"));
});
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  all("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    all("[aria-disabled]", form).forEach((button) => button.removeAttribute("aria-disabled"));
  });
});

// The error summary takes the focus.
document.querySelector("[data-errors]")?.focus();

// Notices can be put away.
all("[data-closes]").forEach((notice) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "notice__close";
  button.setAttribute("aria-label", notice.dataset.closeLabel);
  button.textContent = "×";
  button.addEventListener("click", () => notice.remove());
  notice.append(button);
});

// The menu of narrow screens closes with Escape and with a press elsewhere.
all(".nav__menu").forEach((menu) => {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  document.addEventListener("pointerdown", (event) => { if (!menu.contains(event.target)) menu.open = false; });
});

// Plus and minus beside a number.
all("[data-stepper]").forEach((box) => {
  const input = box.querySelector("input");
  const button = (label, sign, step) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "stepper__btn";
    made.setAttribute("aria-label", label);
    made.textContent = sign;
    made.addEventListener("click", () => {
      step > 0 ? input.stepUp() : input.stepDown();
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    return made;
  };
  input.before(button(box.dataset.tLess, "−", -1));
  input.after(button(box.dataset.tMore, "+", 1));
});

// As many age fields as there are children.
all("[data-guests]").forEach((group) => {
  const ages = all("[data-age]", group);
  const count = all("input[type=number]", group)[1];
  if (!ages.length || !count) return;
  const show = () => ages.forEach((age, index) => { age.hidden = index >= Number(count.value || 0); });
  count.addEventListener("input", show);
  show();
});

// How long the room is still kept. Spoken at 10, 5, 2 and 1 minutes, shown every second.
all("[data-hold]").forEach((hold) => {
  const ends = Date.parse(hold.dataset.hold);
  const text = hold.querySelector("[data-hold-text]");
  const say = hold.querySelector("[data-hold-say]");
  const words = hold.dataset;
  let said = Infinity;
  const time = (left) => {
    const minutes = Math.floor(left / 60);
    if (left < 120) return fill(left === 1 ? words.tSecond : words.tSeconds, { n: left });
    return fill(minutes === 1 ? words.tMinute : words.tMinutes, { n: minutes });
  };
  const tick = () => {
    const left = Math.max(0, Math.round((ends - Date.now()) / 1000));
    const soon = left <= 120;
    const extend = hold.querySelector("[data-hold-extend]");
    if (left === 0) {
      hold.dataset.over = "yes";
      text.textContent = say.textContent = words.tOver;
      extend?.remove();
      hold.querySelector("[data-hold-over]")?.removeAttribute("hidden");
      return clearInterval(clock);
    }
    const now = fill(soon ? (extend ? words.tSoon : words.tLast) : words.tLeft, { time: time(left) });
    text.textContent = now;
    if (soon) hold.dataset.soon = "yes";
    const mark = [60, 120, 300, 600].find((limit) => left <= limit) ?? Infinity;
    if (mark < said) { said = mark; say.textContent = now; }
  };
  const clock = setInterval(tick, 1000);
  tick();
});

// Waiting for the bank: ask again, more slowly each time.
all("[data-poll]").forEach((box) => {
  const began = Date.now();
  let pause = 1500;
  const ask = async () => {
    try {
      const answer = await fetch(box.dataset.poll, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      const news = answer.ok ? await answer.json() : {};
      if (news.done) return location.replace(news.location || location.href);
    } catch { /* offline for a moment: ask again */ }
    const slow = box.querySelector("[data-slow]");
    if (Date.now() - began > 60000 && slow) slow.textContent = slow.dataset.slow;
    pause = Math.min(pause * 1.25, 8000);
    setTimeout(ask, pause);
  };
  if (box.dataset.poll) setTimeout(ask, pause);
});

// Drafts save themselves: the form is posted as it is, with autosave=1, when the hand rests.
all("form[data-autosave]").forEach((form) => {
  const status = form.querySelector("[data-saved]") ?? document.querySelector("[data-saved]");
  let wait, before = "";
  const picture = () => new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string")).toString();
  before = picture();
  const save = async () => {
    const now = picture();
    if (now === before || form.dataset.sent) return;
    const body = new FormData(form);
    [...body].forEach(([key, value]) => { if (value instanceof File) body.delete(key); });
    body.append("autosave", "1");
    if (status) status.textContent = status.dataset.saving;
    try {
      const answer = await fetch(form.dataset.autosave || form.action, { method: "POST", body, headers: { Accept: "application/json" }, credentials: "same-origin", keepalive: true });
      if (!answer.ok || answer.redirected) throw answer;
      before = now;
      const news = answer.status === 200 ? await answer.json().catch(() => ({})) : {};
      const meter = document.querySelector("[data-completion]");
      if (meter && news.completion !== undefined) meter.value = news.completion;
      if (status) status.textContent = fill(status.dataset.done, { time: new Date().toLocaleTimeString(document.documentElement.lang, { hour: "numeric", minute: "2-digit" }) });
    } catch {
      if (status) status.textContent = status.dataset.failed;
      wait = setTimeout(save, 8000);
    }
  };
  const later = () => { clearTimeout(wait); wait = setTimeout(save, 1200); };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  addEventListener("pagehide", save);
});
