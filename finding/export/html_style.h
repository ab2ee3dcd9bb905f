// How does the report look: on a screen, light or dark, narrow or wide, and on paper?
#pragma once

namespace ordeal {

inline constexpr char kHtmlStyle[] = R"css(
:root { --paper: #fcfcfa; --raised: #fff; --ink: #1d1f21; --soft: #62676d; --line: #e2e2dc; --faint: #f3f3ef;
  --bad: #b3261e; --bad-back: #fcefed; --good: #226b41; --good-back: #eef6f0; --user: #2a5ea8; --user-back: #f0f5fb; --warn: #85560a; --focus: #e9eff8;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace; }
@media screen and (prefers-color-scheme: dark) { :root { --paper: #17191b; --raised: #1d2022; --ink: #dfe1e3; --soft: #959ba2; --line: #31353a;
  --faint: #222528;
  --bad: #f08a80; --bad-back: #35211f; --good: #7cc598; --good-back: #1c2b22; --user: #8fb8ee; --user-back: #1c2735; --warn: #d9aa5c; --focus: #26303d; } }
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); font: 16px/1.55 var(--sans); -webkit-text-size-adjust: 100%; scroll-padding: 4rem; }
body { margin: 0; }
main { max-width: 76rem; margin: 0 auto; padding: 4rem 2rem 8rem; }
section { margin-top: 4.5rem; }
p, dl, ol, ul { margin: 0; padding: 0; }
p, dd { max-width: 46rem; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; font-weight: 650; line-height: 1.3; letter-spacing: -.005em; margin: 0 0 1.25rem; }
h3 { font-size: 1rem; font-weight: 600; margin: 2.25rem 0 .5rem; }
code, pre, kbd, .key { font-family: var(--mono); font-size: .8125rem; }
small .key, .note .key { font-size: inherit; }
small { font-size: .75rem; line-height: 1.45; color: var(--soft); }
a { color: inherit; text-decoration: underline; text-decoration-color: var(--soft); text-decoration-thickness: 1px; text-underline-offset: .2em; }
a:hover { text-decoration-color: currentColor; }
:focus-visible { outline: 2px solid var(--user); outline-offset: 2px; }
.note { color: var(--soft); font-size: .875rem; }
.quiet { color: var(--soft); }
.scroll { overflow-x: auto; }

.kind { color: var(--soft); font-size: .875rem; margin-bottom: .75rem; }
h1 { font-size: 2.25rem; line-height: 1.2; letter-spacing: -.02em; font-weight: 680; margin: 0; max-width: 58rem; text-wrap: balance; }
h1 span { display: block; font-size: 1.6rem; letter-spacing: -.01em; font-weight: 400; color: var(--soft); margin-top: .5rem; }
.reason { margin-top: 1.25rem; font-size: 1.0625rem; max-width: 58rem; }
.labels { list-style: none; display: flex; flex-wrap: wrap; gap: .4rem 1.75rem; margin-top: 1.75rem; padding-top: 1rem; border-top: 1px solid var(--line);
  font-size: .8125rem; color: var(--soft); }
.labels code { color: var(--ink); }
.labels .planted code { color: var(--warn); }

#facts dl { display: grid; grid-template-columns: 6rem 1fr; gap: .7rem 1rem; }
#facts dt { color: var(--soft); }
#facts dd { margin: 0; max-width: 58rem; white-space: pre-line; }

.ladder { list-style: none; display: grid; grid-template-columns: repeat(6, minmax(0, 1fr)); gap: .5rem; margin-bottom: 1rem; }
.ladder li { display: flex; flex-direction: column; padding: .8rem .9rem .85rem; border: 1px solid var(--line); border-top: 3px solid var(--line);
  border-radius: 4px; background: var(--raised); min-width: 0; }
.ladder b { font-weight: 600; font-size: .875rem; }
.ladder em { font-style: normal; font-size: 1.125rem; font-weight: 600; line-height: 1.35; margin: .1rem 0 .35rem; }
.ladder .here { margin-top: auto; padding-top: .6rem; }
.ladder .here.allowed { color: var(--ink); }
.ladder .fails { background: var(--bad-back); border-color: var(--bad); }
.ladder .fails em { color: var(--bad); }
.ladder .passes { border-top-color: var(--good); }
.ladder .passes em { color: var(--good); }
.ladder .follows em { color: var(--bad); font-weight: 400; }
.ladder .follows { border-top-color: var(--bad); }
.ladder .unknown { background: none; border-style: dotted; }
.ladder .unknown em { color: var(--soft); font-weight: 400; }
.ladder .partial { border-style: dashed; }

.box { position: relative; margin: .75rem 0 1.5rem; }
pre { margin: 0; padding: 1rem 1.1rem; background: var(--faint); border: 1px solid var(--line); border-radius: 4px; line-height: 1.6; overflow-x: auto;
  white-space: pre; }
#mail pre { font-size: .75rem; }
.copy { display: none; position: absolute; top: .5rem; right: .5rem; font: 500 .75rem var(--sans); color: var(--soft); background: var(--raised);
  border: 1px solid var(--line); border-radius: 4px; padding: .25rem .65rem; cursor: pointer; }
.js .copy { display: block; }
.copy:hover { color: var(--ink); border-color: var(--soft); }

table.plain { border-collapse: collapse; font-size: .875rem; }
table.plain th { text-align: left; font-weight: 500; color: var(--soft); font-size: .8125rem; }
table.plain th, table.plain td { padding: .5rem 2rem .5rem 0; border-bottom: 1px solid var(--line); vertical-align: baseline; }
.allowed, .good { color: var(--good); }
.forbidden { color: var(--soft); }
.bad { color: var(--bad); }
.taken td { font-weight: 600; }
.taken.stale .allowed { color: var(--bad); }
#choices table { width: 100%; max-width: 64rem; table-layout: fixed; }
#choices th:nth-child(2) { width: 12rem; }
#choices th:nth-child(3) { width: 20rem; }
#choices td { overflow-wrap: anywhere; }
.cure { border: 1px solid var(--line); border-radius: 4px; background: var(--raised); padding: 1.1rem 1.35rem 1.2rem; margin-top: 1rem; max-width: 54rem; }
.cure.weakest { border-left: 3px solid var(--good); }
#band-aids .cure { border-left: 3px dashed var(--warn); }
.kernel, .kernel code { font-size: 1rem; font-weight: 600; }
.where, .c11 { font-size: .875rem; }
.kernel { margin: .2rem 0; }
.and { color: var(--soft); font-style: italic; margin: .8rem 0; }
.cost { display: flex; flex-wrap: wrap; gap: .2rem 2rem; margin: .75rem 0; font-size: .875rem; }
.cost dt { color: var(--soft); }
.cost dd { margin: 0 0 0 -1.4rem; }
.proof { font-size: .875rem; color: var(--soft); margin-top: .6rem; }
.cure.weakest .proof { color: var(--good); }
.warning { color: var(--warn); font-weight: 500; }
.no-barrier { margin-bottom: .5rem; }
#unneeded ul { margin: .75rem 0 0 1.1rem; font-size: .875rem; }
@media screen and (max-width: 56rem) {
  main { padding: 2rem 1.1rem 6rem; }
  section { margin-top: 3.25rem; }
  h1 { font-size: 1.65rem; }
  h1 span { font-size: 1.3rem; }
  .ladder { grid-template-columns: repeat(3, minmax(0, 1fr)); }
  #choices table { table-layout: auto; }
  #choices th:nth-child(n) { width: auto; }
  table.plain th, table.plain td { padding-right: 1rem; }
  #facts dl { grid-template-columns: 1fr; gap: 0; }
  #facts dd { margin-bottom: .8rem; }
}
)css";

}  // namespace ordeal
