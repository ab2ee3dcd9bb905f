// How do the execution and the panel beside it look, and what of all changes on paper?
#pragma once

namespace ordeal {

// Behind kHtmlStyle. The margin's arcs are borders: --t is an arc's track, 0 next to the table (html_arcs.h).
inline constexpr char kHtmlLanesStyle[] = R"css(
.controls { max-width: none; display: flex; flex-wrap: wrap; justify-content: space-between; gap: .25rem 2rem; font-size: .8125rem; color: var(--soft);
  margin-bottom: .5rem; }
.controls label, .fold label { cursor: pointer; }
input[type=checkbox] { accent-color: var(--soft); vertical-align: -.12em; margin: 0 .35em 0 0; }
.hint { display: none; }
.js .hint { display: inline; }
kbd { border: 1px solid var(--line); border-bottom-width: 2px; border-radius: 3px; padding: 0 .35em; font-size: .75rem; background: var(--raised); }
.execution { display: grid; grid-template-columns: minmax(0, 1fr); gap: 2rem; align-items: start; }
.lanes { border-collapse: separate; border-spacing: 0; width: 100%; table-layout: fixed; border-bottom: 1px solid var(--line); }
.wide .lanes { table-layout: auto; width: max-content; min-width: 100%; }
.lanes th { text-align: left; font-size: .8125rem; font-weight: 500; color: var(--soft); padding: .5rem .9rem; border-bottom: 1px solid var(--line); }
.lanes td { padding: .38rem .9rem; vertical-align: top; font-size: .8125rem; }
.lanes th.key, .lanes td.key { width: 4.25rem; padding-left: .6rem; padding-right: .4rem; white-space: nowrap; color: var(--soft); }
.lanes .lane { border-left: 1px solid var(--line); overflow-wrap: anywhere; }
.wide .lane { min-width: 17rem; max-width: 22rem; }
.lane code { white-space: pre-wrap; }
.lane b { font-weight: 600; }
.lane small { display: block; font-size: .6875rem; margin-top: .1rem; }
.lane .note { font-size: .8125rem; margin-top: .2rem; }
.lane .note b { font-size: .6875rem; letter-spacing: .05em; text-transform: uppercase; margin-right: .35em; }
.lane.user { box-shadow: inset 3px 0 var(--user); background: var(--user-back); }
.lane.aside { color: var(--soft); }
.lane.stale { box-shadow: inset 3px 0 var(--bad); background: var(--bad-back); }
.planted { color: var(--warn); white-space: nowrap; }
.note.bad, .bad .key { color: var(--bad); }
.op td { padding-top: .8rem; padding-bottom: .2rem; color: var(--soft); font-size: .75rem; }
.fold td { border-top: 1px dashed var(--line); border-bottom: 1px dashed var(--line); color: var(--soft); font-size: .75rem; padding-top: .3rem;
  padding-bottom: .3rem; }
.fold td.margin, .fold td.key, thead + .fold td { border-top-color: transparent; }
.fold td.margin, .fold td.key { border-bottom-color: transparent; }
.fold td.margin { border: 0; }
.rest { background: var(--faint); }
.lanes .margin { position: relative; padding: 0; width: calc(14px + var(--tracks, 0) * 9px); min-width: calc(14px + var(--tracks, 0) * 9px);
  border-color: transparent; background: var(--paper); }
.margin i { --y: 13px; position: absolute; right: 1px; width: calc(9px + var(--t) * 9px); top: 0; bottom: 0; border: 0 solid var(--soft);
  border-left-width: 1px; }
.margin .cycle { border-color: var(--bad); border-left-width: 2px; }
.margin .missing, .margin .missed { border-style: dashed; }
.margin .head { --y: 21px; }
.margin .top { top: var(--y); border-top-width: 1px; border-top-left-radius: 6px; }
.margin .bottom { bottom: auto; height: var(--y); border-bottom-width: 1px; border-bottom-left-radius: 6px; }
.margin .cycle.top { border-top-width: 2px; }
.margin .cycle.bottom { border-bottom-width: 2px; }
.margin .head::after { content: ""; position: absolute; right: -2px; border: 4px solid transparent; border-left: 6px solid var(--soft); border-right: 0; }
.margin .cycle.head::after { border-left-color: var(--bad); }
.margin .top.head::after { top: -4.5px; }
.margin .bottom.head::after { bottom: -4.5px; }
.margin .cycle.top.head::after { top: -5px; }
.margin .cycle.bottom.head::after { bottom: -5px; }
.access { scroll-margin: 6rem; outline: none; }
.js .below .access { scroll-margin-bottom: 46vh; }
.access:target td, .access.now td:not(.margin) { background: var(--focus); }
.access.now td.key { color: var(--ink); font-weight: 700; box-shadow: inset 3px 0 var(--ink); }
.access.now:focus-visible td.key { box-shadow: inset 3px 0 var(--ink), inset 0 0 0 2px var(--user); }
.legend { max-width: none; display: flex; flex-wrap: wrap; gap: .2rem 1.75rem; margin-top: .8rem; font-size: .75rem; color: var(--soft); }
.legend i { display: inline-block; margin-right: .5em; vertical-align: middle; }
.legend .mark { width: 3px; height: 1em; background: var(--line); }
.legend .mark.user { background: var(--user); }
.legend .line { width: 1.75em; border-top: 1px solid var(--soft); }
.legend .cycle { border-top: 2px solid var(--bad); }
.legend .missing, .legend .missed { border-top-style: dashed; }
ol.cycle { list-style: none; margin-top: .75rem; }
ol.cycle li { padding: .1rem 0; }
ol.cycle li > span { display: block; padding-left: 3.25rem; font-size: .8125rem; color: var(--soft); }
ol.cycle li > .key { display: inline-block; min-width: 3rem; }
ol.cycle li > span::before { content: "\2193\00a0\00a0"; }
ol.cycle em { font-style: normal; font-weight: 600; margin-left: .75em; }
ol.cycle .bad span { color: var(--bad); }

#now { display: none; position: sticky; bottom: 0; font-size: .8125rem; background: var(--raised); border: 1px solid var(--line); border-radius: 4px;
  padding: 1rem 1.15rem; max-height: 42vh; overflow-y: auto; }
.js #now { display: block; }
#now h3 { margin: 0 0 .3rem; font-size: .875rem; }
#now h4 { margin: 1rem 0 .3rem; font-size: .75rem; font-weight: 500; color: var(--soft); }
#now code { display: block; overflow-wrap: anywhere; }
#now p { margin-top: .25rem; }
#now dl { display: grid; grid-template-columns: 4rem minmax(0, 1fr); font-size: .75rem; padding-bottom: .6rem; }
#now dt { color: var(--soft); }
#now dd { margin: 0; font-family: var(--mono); }
#now .behind { color: var(--bad); }
#now .places { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: 0 1.5rem; }
#now .here > code { font-weight: 700; }
dialog { border: 1px solid var(--line); border-radius: 6px; background: var(--raised); color: var(--ink); padding: 1.5rem 2rem; }
dialog::backdrop { background: rgb(0 0 0 / .35); }
dialog h2 { font-size: 1rem; margin-bottom: .75rem; }
dialog dl { display: grid; grid-template-columns: auto 1fr; gap: .4rem 1.5rem; font-size: .875rem; }
dialog dd { margin: 0; }

@media screen {
  @supports selector(:has(a)) {
    .rest { display: none; }
    .fold:has(:checked) + .rest, .rest:has(:target), section:has(#everything:checked) .rest { display: table-row-group; }
  }
}
@media screen and (max-width: 72rem) {
  .js .access { scroll-margin-bottom: 46vh; }
}
@media screen and (min-width: 72rem) {
  .execution:not(.below) { grid-template-columns: minmax(0, 1fr) 20rem; }
  .execution:not(.below) #now { top: 2rem; bottom: auto; max-height: calc(100vh - 4rem); }
}
@media screen and (max-width: 56rem) {
  .lanes { table-layout: auto; }
  .lane { min-width: 14rem; }
}
@media print {
  @page { margin: 14mm; }
  html { font-size: 10.5px; background: none; }
  main { max-width: none; padding: 0; }
  section { margin-top: 2.5rem; }
  h2, h3 { break-after: avoid; }
  tr, .ladder li, .cure, .op { break-inside: avoid; }
  .op { break-after: avoid; }
  .ladder { grid-template-columns: repeat(6, minmax(0, 1fr)); }
  .ladder li { padding: .5rem .6rem; }
  .controls, .copy, .js .copy, #now, .js #now, dialog, .fold input, #mail { display: none; }
  .scroll { overflow: visible; }
  .lanes, .wide .lanes { width: 100%; table-layout: fixed; }
  .wide .lane { min-width: 0; }
  .lanes th.margin { width: calc(14px + var(--tracks, 0) * 9px); }
  .lanes td { padding: .25rem .5rem; }
  .margin i { --y: 8px; }
  .margin .head { --y: 14px; }
  .rest, .lanes .margin { background: none; }
  #facts dl { grid-template-columns: 5rem 1fr; gap: .4rem 1rem; }
  p, dd, #facts dd { max-width: none; }
  a { text-decoration: none; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  .lane.user, .lane.stale, .ladder li, .margin i, .margin i::after { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
)css";

}  // namespace ordeal
