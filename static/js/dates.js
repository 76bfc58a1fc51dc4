// The calendar over two <input type="date">. Typing keeps working; the server decides in the end.

const DAY = 86400000;
const lang = document.documentElement.lang || "en";
const locale = lang === "en" ? "en-IN" : lang;
const format = (options) => new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options });
const inWords = format({ weekday: "short", day: "numeric", month: "short", year: "numeric" });
const monthName = format({ month: "long", year: "numeric" });
const weekday = format({ weekday: "short" });
const at = (iso) => (iso ? Date.parse(`${iso}T00:00:00Z`) : NaN);
const iso = (time) => new Date(time).toISOString().slice(0, 10);
const words = (time) => inWords.format(time).replace(/,/g, "");
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
const firstOf = (time, add = 0) => { const d = new Date(time); return Date.UTC(d.getUTCFullYear(), d.getUTCMonth() + add, 1); };
const make = (tag, attributes = {}, ...inside) => {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined && value !== false) node.setAttribute(key, value);
  node.append(...inside);
  return node;
};

class Dates {
  constructor(box) {
    this.box = box;
    this.t = box.dataset;
    [this.arrive, this.leave] = box.querySelectorAll("input[type=date]");
    this.first = at(this.t.first) || Date.now() - (Date.now() % DAY);
    this.last = at(this.t.last) || this.first + 365 * DAY;
    this.minimum = Number(this.t.minNights) || 1;
    this.nights = new Map();
    this.asked = new Map();
    for (const input of [this.arrive, this.leave]) {
      if (matchMedia("(pointer: coarse)").matches) input.readOnly = true;
      const button = make("button", { type: "button", class: "dates__btn", "aria-label": `${this.t.tOpen}: ${input.labels[0]?.textContent.trim() ?? ""}`, "aria-haspopup": "dialog" });
      button.addEventListener("click", () => this.open(input, button));
      input.addEventListener("click", () => this.open(input, button));
      input.addEventListener("change", () => this.note());
      input.after(button);
    }
    box.classList.add("dates--on");
    this.note();
  }

  get in() { return at(this.arrive.value); }
  get out() { return at(this.leave.value); }
  shortest(from) { return Math.max(this.minimum, this.nights.get(iso(from))?.min_stay ?? 0); }

  // Why a day cannot be chosen; empty when it can.
  reason(day, forLeaving) {
    if (day < this.first) return this.t.tPast;
    if (!forLeaving) {
      if (day > this.last) return this.t.tFar;
      return this.blocked(day) || this.shut(day);
    }
    if (day <= this.in) return this.t.tBefore;
    const least = this.shortest(this.in);
    if (day < this.in + least * DAY) return fill(this.t.tShort, { min: least, day: words(this.in + least * DAY) });
    for (let night = this.in; night < day; night += DAY) if (this.blocked(night)) return this.t.tBetween;
    return "";
  }
  blocked(night) {
    const known = this.nights.get(iso(night));
    if (!known || (known.available !== false && known.available !== 0)) return "";
    return known.reason || [].concat(known.reasons ?? [])[0] || this.t.tFull;
  }

  // A night that may be slept through, but not begun with.
  shut(day) {
    const known = this.nights.get(iso(day));
    return known?.arrival === false ? known.reason || this.t.tFull : "";
  }

  note() {
    const note = this.box.querySelector("[data-note]");
    if (!note || Number.isNaN(this.in) || Number.isNaN(this.out)) return;
    const why = this.reason(this.in, false) || this.reason(this.out, true);
    note.toggleAttribute("data-bad", Boolean(why));
    note.textContent = why || fill(this.t.tNights, { n: (this.out - this.in) / DAY, in: words(this.in), out: words(this.out) });
  }

  open(input, opener) {
    this.close();
    this.leaving = input === this.leave && !Number.isNaN(this.in);
    this.opener = opener;
    const start = this.leaving ? this.out || this.in + this.shortest(this.in) * DAY : this.in || this.first;
    this.month = firstOf(start);
    this.focus = start;
    this.say = make("p", { class: "picker__say", "aria-live": "polite" });
    this.months = make("div", { class: "picker__months" });
    const move = (label, sign, add) => {
      const button = make("button", { type: "button", class: "picker__move", "aria-label": label }, sign);
      button.addEventListener("click", () => { this.month = firstOf(this.month, add); this.draw(); });
      return button;
    };
    const close = make("button", { type: "button", class: "btn btn--text" }, this.t.tClose);
    close.addEventListener("click", () => this.close(true));
    this.panel = make("div", { class: "picker", role: "dialog", "aria-label": this.t.tTitle },
      make("div", { class: "picker__bar" }, move(this.t.tPrevious, "‹", -1), move(this.t.tNext, "›", 1)),
      this.months, make("div", { class: "picker__foot" }, this.say, close));
    this.panel.addEventListener("keydown", (event) => this.key(event));
    this.outside = (event) => { if (!this.panel.contains(event.target) && !this.box.contains(event.target)) this.close(); };
    document.addEventListener("pointerdown", this.outside);
    this.box.append(this.panel);
    this.prompt();
    this.draw(true);
  }
  close(back) {
    if (!this.panel) return;
    document.removeEventListener("pointerdown", this.outside);
    this.panel.remove();
    this.panel = null;
    if (back) this.opener.focus();
  }
  prompt() {
    this.say.textContent = this.leaving ? fill(this.t.tLeave, { in: words(this.in), min: this.shortest(this.in) }) : this.t.tArrive;
  }

  draw(focus) {
    const two = matchMedia("(min-width: 44rem)").matches ? 2 : 1;
    if (this.focus < this.month || this.focus >= firstOf(this.month, two)) this.focus = this.month;
    this.months.replaceChildren(...Array.from({ length: two }, (_, index) => this.grid(firstOf(this.month, index))));
    for (let index = 0; index < two; index += 1) this.load(firstOf(this.month, index));
    if (focus) this.months.querySelector("[tabindex='0']")?.focus();
  }
  grid(month) {
    const body = make("tbody");
    const end = firstOf(month, 1);
    const offset = (new Date(month).getUTCDay() + 6) % 7;
    for (let week = month - offset * DAY; week < end; week += 7 * DAY) {
      const row = make("tr");
      for (let day = week; day < week + 7 * DAY; day += DAY) row.append(day >= month && day < end ? this.cell(day) : make("td"));
      body.append(row);
    }
    const monday = Date.UTC(2024, 0, 1);
    const head = make("tr", {}, ...Array.from({ length: 7 }, (_, n) => make("th", { scope: "col" }, weekday.format(monday + n * DAY))));
    const name = monthName.format(month);
    return make("div", {}, make("p", { class: "picker__name", "aria-hidden": "true" }, name), make("table", { role: "grid", "aria-label": name }, make("thead", {}, head), body));
  }
  cell(day) {
    const why = this.reason(day, this.leaving);
    const chosen = day === this.in || day === this.out;
    const button = make("button", {
      type: "button", class: "picker__day", tabindex: day === this.focus ? "0" : "-1", "data-day": iso(day),
      "aria-label": why ? `${words(day)}. ${why}` : words(day), "aria-disabled": why ? "true" : undefined, "data-full": day >= this.first && this.blocked(day) ? "" : undefined,
      "aria-pressed": chosen ? "true" : undefined, "data-in": day > this.in && day < this.out ? "" : undefined, title: why || undefined,
    }, String(new Date(day).getUTCDate()));
    button.addEventListener("click", () => this.choose(day, why));
    return make("td", {}, button);
  }
  choose(day, why) {
    this.focus = day;
    if (why) { this.say.textContent = why; return; }
    if (!this.leaving) {
      this.arrive.value = iso(day);
      this.leaving = true;
      if (!(this.out > day) || this.reason(this.out, true)) this.leave.value = "";
      this.month = firstOf(day);
      this.prompt();
      this.draw(true);
    } else {
      this.leave.value = iso(day);
      this.opener = this.leave.nextElementSibling;
      this.close(true);
    }
    this.arrive.dispatchEvent(new Event("change", { bubbles: true }));
  }
  key(event) {
    if (event.key === "Escape") { event.stopPropagation(); return this.close(true); }
    if (!event.target.dataset.day) return;
    const now = at(event.target.dataset.day);
    const date = new Date(now);
    const month = (add) => Math.min(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + add, date.getUTCDate()), firstOf(now, add + 1) - DAY);
    const column = (date.getUTCDay() + 6) % 7;
    const to = { ArrowLeft: now - DAY, ArrowRight: now + DAY, ArrowUp: now - 7 * DAY, ArrowDown: now + 7 * DAY, Home: now - column * DAY, End: now + (6 - column) * DAY, PageUp: month(-1), PageDown: month(1) }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.focus = to;
    const shown = this.months.children.length;
    if (to < this.month || to >= firstOf(this.month, shown)) this.month = firstOf(to, to < this.month ? 0 : 1 - shown);
    this.draw(true);
  }

  async load(month) {
    const key = iso(month).slice(0, 7);
    if (!this.t.calendar || this.asked.has(key)) return;
    this.asked.set(key, true);
    const query = new URLSearchParams({ month: key });
    if (this.t.roomType) query.set("room_type", this.t.roomType);
    try {
      const answer = await fetch(`${this.t.calendar}?${query}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const news = await answer.json();
      for (const day of news.days ?? news.results ?? news) this.nights.set(day.date, day);
      if (this.panel) this.draw(this.months.contains(document.activeElement));
      this.note();
    } catch { /* without news every day may be tried; the server answers */ }
  }
}

document.querySelectorAll("[data-dates]").forEach((box) => new Dates(box));
