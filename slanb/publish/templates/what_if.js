"use strict";
// The plan's numbers moved on the page: the goals worked out as slanb.terms.goals does, nothing sent or kept.
{
  const panel = document.getElementById("what-if");
  const { cells, agreed, most, chance, hours_per_lead: hours, format } = JSON.parse(panel.dataset.plan);
  const inputs = [...panel.querySelectorAll("input")];
  const spans = [...new Set(cells.map(([span]) => span))];
  let moved = {};

  const sum = (rows, part) => rows.reduce((total, row) => total + part(row), 0);
  const goal = ([, , quota, share]) => quota * share;
  const customers = (row) => goal(row) / row[4];
  const leads = (row) => customers(row) / row[5];

  // Every cell of the plan with what is moved; a number of the whole scales that of each part.
  function plan() {
    const rows = cells.map((row) => {
      const [span, tier, quota, share, size, rate] = row;
      const more = "quota" in moved ? moved.quota / agreed.quota : 1;
      return [span, tier, quota * more, share, size, moved[`tiers.${tier}`] ?? rate];
    });
    for (const span of spans) {
      const own = rows.filter((row) => row[0] === span);
      const [quota, revenue, wins, asked] = [(row) => row[2], goal, customers, leads].map((part) => sum(own, part));
      const scales = [
        [3, moved.marketing_share, revenue / quota],
        [4, moved.deal_size, revenue / wins],
        [5, moved.close_rate, wins / asked],
      ];
      for (const [place, whole, now] of scales)
        if (whole !== undefined) for (const row of own) row[place] *= whole / now;
    }
    return rows;
  }

  // Read off the curves computed with the report, straight between their points.
  function chanceOf(rows) {
    const needed = sum(rows, customers);
    const expected = sum(rows, (row) => leads(row) * chance.rates[row[1]]);
    const [low, high, up] = between(chance.customers, needed);
    const [left, right, along] = between(chance.ratios, expected / needed);
    const on = (row) => row[left] + (row[right] - row[left]) * along;
    return on(chance.values[low]) + (on(chance.values[high]) - on(chance.values[low])) * up;
  }

  function between(points, x) {
    const right = points.findIndex((point) => point >= x);
    if (right === -1) return [points.length - 1, points.length - 1, 0];
    if (right === 0) return [0, 0, 0];
    return [right - 1, right, (x - points[right - 1]) / (points[right] - points[right - 1])];
  }

  // A number as the rest of the page writes it: halves up, on its shortest digits.
  function written(x, digits) {
    if (!Number.isFinite(x) || x >= 1e15) return "–";
    const [whole, part = ""] = (x < 1e-6 ? "0" : String(x)).split(".");
    let all = BigInt(whole + part.slice(0, digits).padEnd(digits, "0"));
    if (part.length > digits && part[digits] >= "5") all += 1n;
    const text = String(all).padStart(digits + 1, "0");
    const front = text.slice(0, text.length - digits).replace(/\B(?=(\d{3})+$)/g, format.group);
    return digits ? front + format.decimal + text.slice(-digits) : front;
  }

  function show() {
    const rows = plan();
    const possible = rows.every((row) => row.slice(2).every((x) => x > 0) && row[3] <= 1 + 1e-9 && row[5] <= 1 + 1e-9);
    const asked = sum(rows, leads);
    const answers = possible && {
      leads: () => written(Math.floor(asked + 0.5 + 1e-9), 0),
      customers: () => written(sum(rows, customers), 1),
      hours: () => written(asked * hours, 0),
      chance: () => format.percent.replace("0", written(100 * chanceOf(rows), 0)),
    };
    for (const cell of panel.querySelectorAll("output")) cell.value = answers ? answers[cell.dataset.answer]() : "–";
    panel.querySelector(".impossible").hidden = possible;
    panel.querySelector("button").disabled = !Object.keys(moved).length;
  }

  function put(key, value) {
    for (const input of inputs)
      if (input.dataset.key === key) input.value = value === undefined ? input.defaultValue : Number((value * input.dataset.times).toPrecision(12));
  }

  function keep() {
    const search = new URLSearchParams(moved).toString();
    history.replaceState(null, "", search ? `#what-if?${search}` : "#what-if");
  }

  function read() {
    const [place, search = ""] = location.hash.slice(1).split("?");
    if (place !== "what-if") return;
    moved = {};
    for (const [key, text] of new URLSearchParams(search))
      if (inputs.some((input) => input.dataset.key === key) && Number(text) > 0) moved[key] = Number(text);
    for (const input of inputs) put(input.dataset.key, moved[input.dataset.key]);
    panel.open = true;
    const tiers = panel.querySelector("details");
    if (tiers && Object.keys(moved).some((key) => key.startsWith("tiers."))) tiers.open = true;
    show();
    panel.scrollIntoView();
  }

  panel.addEventListener("input", ({ target }) => {
    const { key, times } = target.dataset;
    if (target.value === target.defaultValue) delete moved[key];
    else moved[key] = Number(target.value) / times;
    for (const input of inputs) if (input.dataset.key === key && input !== target) input.value = target.value;
    keep();
    show();
  });
  panel.querySelector("button").addEventListener("click", () => {
    moved = {};
    for (const input of inputs) put(input.dataset.key);
    keep();
    show();
  });
  addEventListener("hashchange", read);
  for (const part of panel.querySelectorAll(".moves")) part.hidden = false;
  show();
  read();
}
