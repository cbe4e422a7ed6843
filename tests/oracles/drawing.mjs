// What several versions of Mermaid draw, in a real browser: each label is the text that stands in the picture.
//
// A request has, beside `text`, the `version` ("11.4"), the `browser` (a path), and `htmlLabels`: whether the site draws
// labels as HTML, as Mermaid does of its own accord, or as SVG.

import { chromium } from 'playwright-core';
import { structure } from './flowchart.mjs';

// The version that GitHub is known to use, https://github.com/mermaid-js/mermaid/issues/8289, is the one that the parser
// is read with, too.
const CURRENT = '11.17';

const pages = new Map();
let started;

export async function read(text, { version, browser, htmlLabels }) {
  const name = `${version} ${htmlLabels}`;
  if (!pages.has(name)) {
    started ??= chromium.launch({ executablePath: browser, args: ['--no-sandbox'] });
    pages.set(name, open(await started, version, htmlLabels));
  }
  const page = await pages.get(name);
  return page.evaluate((text) => globalThis.read(text), text);
}

async function open(browser, version, htmlLabels) {
  const page = await browser.newPage();
  const name = version === CURRENT ? 'mermaid' : `mermaid-${version}`;
  const script = new URL(`node_modules/${name}/dist/mermaid.min.js`, import.meta.url);
  await page.addScriptTag({ path: script.pathname });
  await page.addScriptTag({ content: `${structure}\n${inPage}\ninPage(${htmlLabels});` });
  return page;
}

// Runs in the page: gives it a function `read`.
function inPage(htmlLabels) {
  const { mermaid } = globalThis;
  // The limits are those of readers such as GitHub, and the renderer warns of them. Here the content counts.
  mermaid.initialize({
    startOnLoad: false,
    maxTextSize: 1e9,
    maxEdges: 1e9,
    htmlLabels,
    flowchart: { htmlLabels },
    suppressErrorRendering: true,
  });
  let count = 0;

  globalThis.read = async (text) => {
    count += 1;
    const id = `drawing${count}`;
    const host = document.createElement('div');
    document.body.append(host);
    try {
      const diagram = await mermaid.mermaidAPI.getDiagramFromText(text);
      const { svg } = await mermaid.render(id, text);
      host.innerHTML = svg;
      // Elements are named after what they show; since version 12, after the picture, too.
      const own = (name) => (name.startsWith(`${id}-`) ? name.slice(id.length + 1) : name);
      const nodes = named(host.querySelectorAll('g.node'), (node) => /^flowchart-(.*)-\d+$/.exec(own(node.id))?.[1]);
      const groups = named(host.querySelectorAll('g.cluster'), (group) => own(group.id));
      const edges = edgeLabels(host, own);
      const read = structure(diagram, {
        node: (vertex) => seen(nodes.get(vertex.id)?.querySelector('.label'), vertex.id),
        group: (subgraph) => seen(groups.get(subgraph.id)?.querySelector('.cluster-label'), subgraph.id),
        edge: (edge, index) => edgeLabel(edges, edge, edgeIds(diagram.db)[index]),
      });
      return { ...read, title: host.querySelector('.flowchartTitleText')?.textContent ?? null };
    } finally {
      // Where it fails, Mermaid leaves what it has drawn behind.
      for (const left of document.querySelectorAll(`#${id}, #d${id}`)) left.remove();
      host.remove();
    }
  };

  function named(elements, name) {
    return new Map([...elements].map((element) => [name(element), element]));
  }

  // Finds the element of each label, by the id of the edge: it says so itself, or stands where the path stands.
  function edgeLabels(host, own) {
    const found = new Map();
    for (const list of host.querySelectorAll('g.edgeLabels')) {
      const paths = list.parentElement.querySelectorAll(':scope > g.edgePaths path[id]');
      list.querySelectorAll(':scope > g.edgeLabel').forEach((label, index) => {
        const name = label.querySelector('[data-id]')?.dataset.id ?? paths[index]?.id ?? '';
        found.set(own(name), label);
      });
    }
    return found;
  }

  // Returns the id that each edge has in the picture.
  function edgeIds(db) {
    if (db.getData) return db.getData().edges.map((edge) => edge.id);
    const counts = new Map();
    return db.getEdges().map(({ start, end }) => {
      const name = `L-${start}-${end}`;
      counts.set(name, (counts.get(name) ?? -1) + 1);
      return `${name}-${counts.get(name)}`;
    });
  }

  function edgeLabel(labels, edge, id) {
    // Some versions draw an edge from a node to itself in three parts.
    const label = labels.get(id) ?? labels.get(`${edge.start}-cyclic-special-mid`);
    // An edge without a label may have no element for it.
    return (edge.text ?? '') === '' && !label ? '' : seen(label, id);
  }

  // Returns the text of a label. A line ends at each <br>, and at the end of a row of SVG.
  function seen(label, name) {
    if (!label) throw new Error(`no label of ${name} is drawn`);
    const html = label.querySelector('foreignObject');
    const rows = [...label.querySelectorAll('text > tspan')];
    if (!html) return rows.map((row) => row.textContent).join('\n');
    const strange = [...html.querySelectorAll('*')].find((element) => !/^(div|span|p|br)$/.test(element.localName));
    if (strange) throw new Error(`the label of ${name} has a <${strange.localName}>: ${html.innerHTML}`);
    const text = (node) => (node.localName === 'br' ? '\n' : node.data ?? [...node.childNodes].map(text).join(''));
    const plain = (text) => text.replace(/\s+/g, ' ').trim();
    if (plain(html.firstElementChild.innerText) !== plain(text(html))) {
      throw new Error(`of the label of ${name} one sees ${html.firstElementChild.innerText}`);
    }
    return text(html);
  }
}
