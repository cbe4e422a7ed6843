// Writes a graph as GraphML, for Gephi, yEd and networkx.

import { log } from 'spec-engine:plugin/host@0.1.3';

// What GraphML says of nodes and of edges: every value is text.
const NODE_KEYS = ['label', 'kind', 'resource', 'group'];
const EDGE_KEYS = ['label', 'kind'];

// Most texts hold nothing of this, and are written as they are.
// eslint-disable-next-line no-control-regex
const SPECIAL = /[\u0000-\u001f"&<>\ufffe\uffff]/;

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\t': '&#9;', '\n': '&#10;', '\r': '&#13;' };

// What XML 1.0 cannot hold at all.
// eslint-disable-next-line no-control-regex
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

export const meta = {
  describe() {
    return {
      name: 'graphml',
      version: '0.1.0',
      summary: 'The graph as GraphML, for Gephi, yEd and networkx',
      mediaTypes: ['application/graphml+xml'],
      fileExtension: 'graphml',
      optionsSchema: JSON.stringify({
        type: 'object',
        properties: {
          resources: { type: 'boolean', default: true, description: 'Whether cloud resources are nodes.' },
        },
      }),
    };
  },
};

export const renderer = {
  render(graph, request) {
    const options = JSON.parse(request.options);
    const diagnostics = [];
    // `of` names the element that the text is of, where something has to be said of it.
    const xml = (text, of) => {
      if (!SPECIAL.test(text)) return text;
      const clean = text.replace(NOT_XML, '');
      if (clean.length < text.length) {
        const [place, what] = of();
        diagnostics.push({
          severity: 'warning',
          code: 'characters-dropped',
          message: `characters that XML cannot hold were left out of ${what}`,
          place,
          help: 'take the control characters out of the names in the document',
        });
      }
      return clean.replace(/[&<>"\t\n\r]/g, (c) => ESCAPES[c]);
    };
    const keep = graph.nodes.map((node) => options.resources || node.resource === undefined);
    // What the user did wrong is thrown as a list, and is a finding; any other exception is a fault of the plugin.
    if (graph.nodes.length > 0 && !keep.includes(true)) {
      const message = 'without its resources the system has no node';
      throw [{ severity: 'error', code: 'no-nodes', message, help: 'set `resources` to true' }];
    }
    const lines = [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
      ...NODE_KEYS.map((key) => `  <key id="node-${key}" for="node" attr.name="${key}" attr.type="string"/>`),
      ...EDGE_KEYS.map((key) => `  <key id="edge-${key}" for="edge" attr.name="${key}" attr.type="string"/>`),
      '  <graph edgedefault="directed">',
    ];
    const data = (key, text, of) => (text === undefined ? '' : `<data key="${key}">${xml(text, of)}</data>`);
    const word = (position) => (position === undefined ? undefined : graph.words[position]);
    // An id names a node by its position, since ids of the document may hold what XML cannot.
    graph.nodes.forEach((node, index) => {
      if (!keep[index]) return;
      const of = () => [{ tag: 'node', val: index }, JSON.stringify(node.id)];
      const group = node.group === undefined ? undefined : graph.groups[node.group].label;
      const label = data('node-label', node.label, of) + data('node-kind', word(node.kind), of);
      const where = data('node-resource', word(node.resource), of) + data('node-group', group, of);
      lines.push(`    <node id="n${index}">${label}${where}</node>`);
    });
    graph.edges.forEach((edge, index) => {
      if (!keep[edge.source] || !keep[edge.target]) return;
      const of = () => [{ tag: 'edge', val: index }, `edge ${index}`];
      const says = data('edge-label', word(edge.label), of) + data('edge-kind', word(edge.kind), of);
      lines.push(`    <edge id="e${index}" source="n${edge.source}" target="n${edge.target}">${says}</edge>`);
    });
    lines.push('  </graph>', '</graphml>', '');
    log('debug', `${lines.length} lines`);
    // As bytes: this toolchain takes some 2,500 steps for each character of a string that it hands back.
    const content = { tag: 'bytes', val: new TextEncoder().encode(lines.join('\n')) };
    return {
      artifacts: [{ path: 'diagram.graphml', mediaType: 'application/graphml+xml', content }],
      diagnostics,
    };
  },
};
