"use strict";
(() => {
  const [findings, summary, report, page] = ["findings", "summary", "report", "page"].map((id) => document.getElementById(id));
  let hash = "";
  let drawn = null;

  // The page says what is selected in it, so that a new drawing shows the same.
  addEventListener("message", (event) => {
    if (event.source === page.contentWindow && typeof event.data?.hash === "string") hash = event.data.hash;
  });

  function show(state) {
    document.title = `${state.document} - spec-engine`;
    const lines = state.report.trimEnd().split("\n");
    const isOld = state.drawn !== state.version;
    const last = lines.at(-1);
    summary.textContent = state.drawn === null ? `nothing can be drawn: ${last}`
      : isOld ? `the drawing is an older one: ${last}` : last;
    summary.className = isOld ? "old" : "";
    report.textContent = state.report;
    if (isOld) findings.open = true;
    if (state.drawn !== drawn && state.drawn !== null) {
      drawn = state.drawn;
      page.src = `/page?drawn=${drawn}${hash}`;
    }
  }

  async function follow() {
    let known = null;
    for (;;) {
      try {
        const answer = await fetch(known === null ? "/state" : `/state?after=${known}`);
        if (!answer.ok) throw new Error(answer.statusText);
        const state = await answer.json();
        if (state.version !== known) show(state);
        known = state.version;
      } catch {
        summary.textContent = "spec-engine serve does not answer; this page waits for it";
        summary.className = "old";
        known = null;
        drawn = null;
        await new Promise((wake) => setTimeout(wake, 2000));
      }
    }
  }
  follow();
})();
