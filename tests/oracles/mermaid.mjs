// Mermaid's own parser, on the DOM of jsdom.
//
// A label is read as a person sees it. Mermaid hides `#35;` from its parser as `ﬂ°°35¶ß`; when it draws, it makes the
// HTML entity `&#35;` of that, puts the label into a <p> and lets the browser read it. The same is done here. What other
// versions draw, drawing.mjs reads.

import { JSDOM } from 'jsdom';
import { structure } from './flowchart.mjs';

const { window } = new JSDOM('<!doctype html><html><body></body></html>');
globalThis.window = window;
globalThis.document = window.document;

const { default: mermaid } = await import('mermaid');
// The limits are those of readers such as GitHub, and the renderer warns of them. Here the content counts.
mermaid.initialize({ startOnLoad: false, maxTextSize: 1e9, maxEdges: 1e9 });

export async function read(text) {
  return structure(await mermaid.mermaidAPI.getDiagramFromText(text), {
    node: (vertex) => drawn(vertex),
    group: ({ title, labelType }) => drawn({ text: title, labelType }),
    edge: (edge) => drawn(edge),
  });
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
