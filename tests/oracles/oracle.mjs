// Answers what the real readers of a diagram read in it.
//
// Each line of standard input is a request, {"oracle": "d2", "text": "…"}, with more fields where an oracle has
// settings; each line of standard output is the answer to one request, in the same order:
//
//   {"ok": true, "nodes": [{key, label, group, shape, link}], "groups": [{key, label, parent}],
//    "edges": [{source, target, label, directed}], "title": "…"}
//   {"ok": false, "error": "…"}
//
// `group` and `parent` are the key of a group, or null; `title` is there in drawings only. Nothing is sorted, merged or left out: what a reader has twice
// is twice in the answer. The program ends when standard input does.

import { Console } from 'node:console';
import { createInterface } from 'node:readline';

// The readers may log; standard output is for answers.
globalThis.console = new Console(process.stderr, process.stderr);

const oracles = {
  d2: () => import('./d2.mjs'),
  mermaid: () => import('./mermaid.mjs'),
  drawing: () => import('./drawing.mjs'),
  cytoscape: () => import('./cytoscape.mjs'),
  sigma: () => import('./sigma.mjs'),
};

async function answer(line) {
  try {
    const { oracle, text, ...settings } = JSON.parse(line);
    if (!Object.hasOwn(oracles, oracle)) {
      throw new Error(`there is no oracle ${JSON.stringify(oracle)}`);
    }
    const { read } = await oracles[oracle]();
    return { ok: true, ...(await read(text, settings)) };
  } catch (error) {
    return { ok: false, error: String(error?.message ?? error) };
  }
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  process.stdout.write(JSON.stringify(await answer(line)) + '\n');
}
// D2 keeps a worker thread, which would keep the process.
process.stdout.end(() => process.exit(0));
