// Mermaid's own parser, on the DOM of jsdom.
//
// A label is read as a person sees it. Mermaid hides `#35;` from its parser as `ﬂ°°35¶ß`; when it draws, it makes the
// HTML entity `&#35;` of that, puts the label into a <p> and lets the browser read it. The same is done here.

import { JSDOM } from 'jsdom';

const { window } = new JSDOM('<!doctype html><html><body></body></html>');
globalThis.window = window;
globalThis.document = window.document;

const { default: mermaid } = await import('mermaid');
// The limits are those of readers such as GitHub, and the renderer warns of them. Here the content counts.
mermaid.initialize({ startOnLoad: false, maxTextSize: 1e9, maxEdges: 1e9 });

export async function read(text) {
  const { type, db } = await mermaid.mermaidAPI.getDiagramFromText(text);
  if (type !== 'flowchart-v2') {
    throw new Error(`the diagram is a ${type}`);
  }
  const subgraphs = db.getSubGraphs();
  const isGroup = new Set(subgraphs.map((subgraph) => subgraph.id));
  const parents = new Map();
  for (const subgraph of subgraphs) {
    for (const member of subgraph.nodes) {
      if (parents.has(member)) {
        throw new Error(`${member} stands in ${parents.get(member)} and in ${subgraph.id}`);
      }
      parents.set(member, subgraph.id);
    }
  }
  return {
    direction: db.getDirection(),
    nodes: [...db.getVertices().values()]
      .filter((vertex) => !isGroup.has(vertex.id))
      .map((vertex) => ({
        key: vertex.id,
        label: drawn(vertex),
        group: parents.get(vertex.id) ?? null,
        shape: vertex.type,
        link: vertex.link ?? null,
      })),
    groups: subgraphs.map((subgraph) => ({
      key: subgraph.id,
      label: drawn({ text: subgraph.title, labelType: subgraph.labelType }),
      parent: parents.get(subgraph.id) ?? null,
    })),
    edges: db.getEdges().map((edge) => ({
      source: edge.start,
      target: edge.end,
      label: drawn(edge),
      directed: edge.type === 'arrow_point',
    })),
  };
}

// Returns what is seen of a label.
function drawn({ text, labelType }) {
  if (labelType === 'markdown') {
    throw new Error(`the label is Markdown: ${text}`);
  }
  const html = (text ?? '')
    .replace(/\\n|\n/g, '<br />')
    .replace(/ﬂ°°/g, '&#')
    .replace(/ﬂ°/g, '&')
    .replace(/¶ß/g, ';');
  const paragraph = window.document.createElement('p');
  paragraph.innerHTML = html;
  for (const lineBreak of paragraph.querySelectorAll('br')) {
    lineBreak.replaceWith('\n');
  }
  if (paragraph.childElementCount > 0) {
    throw new Error(`the label is HTML: ${html}`);
  }
  return paragraph.textContent;
}
