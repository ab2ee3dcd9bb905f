// How does one step through the execution? Without this the page is complete, and still.
#pragma once

namespace ordeal {

inline constexpr char kHtmlKeys[] = R"html(
<h2>Keys</h2>
<dl>
<dt><kbd>j</kbd> <kbd>k</kbd></dt><dd>the next, the last access; the arrow keys too, once an access has the focus</dd>
<dt><kbd>g</kbd> <kbd>G</kbd></dt><dd>the first, the last of all</dd>
<dt><kbd>s</kbd></dt><dd>the next stale read</dd>
<dt><kbd>a</kbd></dt><dd>show and hide the accesses that have no part in it</dd>
<dt><kbd>Esc</kbd></dt><dd>leave the execution</dd>
<dt><kbd>?</kbd></dt><dd>these keys</dd>
</dl>
)html";

// Only text is put into the page, never markup. What a CPU has seen at a place is the store that it last read or wrote there; the
// newest is the last in modification order of those made so far.
inline constexpr char kHtmlScript[] = R"js(
'use strict';
(() => {
  const data = JSON.parse(document.getElementById('steps').textContent);
  const panel = document.getElementById('now'), keys = document.getElementById('keys');
  let now = -1;
  document.documentElement.classList.add('js');

  const make = (parent, tag, text, look) => {
    const e = document.createElement(tag);
    if (text) e.textContent = text;
    if (look) e.className = look;
    return parent.appendChild(e);
  };
  const link = (parent, id) => {
    if (id === null) return parent.append('the initial value');
    make(parent, 'a', data.steps[id].key, 'key').setAttribute('href', '#e' + id);
  };
  const links = (title, ids) => {
    if (!ids || !ids.length) return;
    const p = make(panel, 'p', title + ' ');
    ids.forEach((id, i) => { if (i) p.append(', '); link(p, id); });
  };
  const newest = (place) => {
    const made = place.stores.filter((id) => id <= now);
    return made.length ? made[made.length - 1] : null;
  };
  const lastOf = (place, cpu) => {
    for (let id = now; id >= 0; --id) {
      const e = data.steps[id];
      if (e && e.cpu === cpu && place.granule in e.saw) return e;
    }
  };
  const rank = (place, id) => id === null ? -1 : place.stores.indexOf(id);
  // Stores made after the one that it saw, to bytes that it looked at.
  const behind = (place, e) => place.stores.filter((id, at) => id <= now && at > rank(place, e.saw[place.granule]) &&
    data.steps[id].bytes[0] < e.bytes[1] && e.bytes[0] < data.steps[id].bytes[1]).length;
  const tell = (place, id) => id === null ? 'initial value' : data.steps[id].key + ' = ' + place.values[place.stores.indexOf(id)];

  const showPlace = (parent, place) => {
    const block = make(parent, 'div', '', place.granule in data.steps[now].saw ? 'here' : '');
    make(block, 'code', place.name);
    const list = make(block, 'dl');
    make(list, 'dt', 'newest');
    make(list, 'dd', tell(place, newest(place)));
    for (let cpu = 0; cpu < data.cpus; ++cpu) {
      const last = lastOf(place, cpu), by = last ? behind(place, last) : 0;
      make(list, 'dt', 'cpu ' + cpu);
      make(list, 'dd', last ? tell(place, last.saw[place.granule]) + (by ? ', ' + by + ' behind' : '') : '\u2013', by ? 'behind' : last ? '' : 'quiet');
    }
  };
  const show = () => {
    panel.textContent = '';
    if (now < 0) { make(panel, 'p', 'Press j to step through the execution, or click on an access.', 'quiet'); return; }
    const e = data.steps[now];
    make(panel, 'h3', e.key + ' on cpu ' + e.cpu);
    make(panel, 'code', e.text);
    make(panel, 'p', e.op, 'quiet');
    make(panel, 'p', e.where, 'quiet');
    links(e.missed ? 'STALE: reads' : 'reads', e.reads);
    links('missed', e.missed);
    links('address depends on', e.addr);
    links('value depends on', e.data);
    links('branch depends on', e.ctrl);
    const places = data.places.filter((p) => p.granule in e.saw || (p.part && p.stores.some((id) => id <= now)));
    if (!places.length) return;
    make(panel, 'h4', 'What each CPU last read or wrote at the places that they share, up to here');
    const grid = make(panel, 'div', '', 'places');
    places.forEach((p) => showPlace(grid, p));
  };

  const rowOf = (id) => document.getElementById('e' + id);
  const visible = () => [...document.querySelectorAll('.access')].filter((row) => row.offsetParent !== null).map((row) => Number(row.id.slice(1)));
  const go = (id) => {
    if (now >= 0) rowOf(now).classList.remove('now');
    now = id;
    show();
    if (id < 0) { if (document.activeElement) document.activeElement.blur(); return; }
    const row = rowOf(id);
    row.classList.add('now');
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: 'nearest' });
  };
  const step = (by) => {
    const all = visible(), after = all.filter((id) => id > now), before = all.filter((id) => id < now);
    if (now < 0 && all.length) return go(all[0]);
    if (by > 0 && after.length) go(after[0]);
    if (by < 0 && before.length) go(before[before.length - 1]);
  };
  const nextStale = () => {
    const stale = visible().filter((id) => data.steps[id].missed);
    if (stale.length) go(stale.find((id) => id > now) ?? stale[0]);
  };
  const toggle = () => {
    const all = document.getElementById('everything');
    if (all) { all.checked = !all.checked; if (now >= 0 && rowOf(now).offsetParent === null) go(-1); }
  };
  const actions = { j: () => step(1), k: () => step(-1), g: () => go(visible()[0] ?? -1), G: () => go(visible().pop() ?? -1), s: nextStale, a: toggle,
    Escape: () => go(-1), '?': () => keys.open ? keys.close() : keys.showModal() };
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || (keys.open && event.key !== '?')) return;
    const inside = document.activeElement && document.activeElement.classList.contains('access');
    const action = actions[event.key] || (inside && { ArrowDown: actions.j, ArrowUp: actions.k }[event.key]);
    if (!action || (event.key === 'Escape' && now < 0)) return;
    event.preventDefault();
    action();
  });
  document.addEventListener('click', (event) => {
    const a = event.target.closest('a[href^="#e"]'), row = event.target.closest('.access');
    if (a) { const target = rowOf(a.getAttribute('href').slice(2)); if (target) setTimeout(() => go(Number(target.id.slice(1)))); return; }
    if (row && !String(getSelection())) go(Number(row.id.slice(1)));
  });
  for (const button of document.querySelectorAll('.copy')) {
    button.addEventListener('click', async () => {
      const text = document.getElementById(button.dataset.copy);
      const range = document.createRange();
      range.selectNodeContents(text);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      try { await navigator.clipboard.writeText(text.textContent); button.textContent = 'Copied'; } catch { button.textContent = 'Selected'; }
      setTimeout(() => { button.textContent = 'Copy'; }, 1500);
    });
  }
  if (panel) show();
})();
)js";

}  // namespace ordeal
