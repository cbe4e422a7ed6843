// Writes a graph as GraphML, for Gephi, yEd and networkx.

import { log } from 'spec-engine:plugin/host@0.1.0';

// What GraphML says of nodes and of edges: every value is text.
const NODE_KEYS = ['label', 'kind', 'resource', 'group'];
const EDGE_KEYS = ['label', 'kind'];

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
    const xml = (text, place, what) => {
      const clean = text.replace(NOT_XML, '');
      if (clean.length < text.length) {
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
    const lines = [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
      ...NODE_KEYS.map((key) => `  <key id="node-${key}" for="node" attr.name="${key}" attr.type="string"/>`),
      ...EDGE_KEYS.map((key) => `  <key id="edge-${key}" for="edge" attr.name="${key}" attr.type="string"/>`),
      '  <graph edgedefault="directed">',
    ];
    const element = (name, attributes, kind, values, place, what) => {
      const data = Object.entries(values)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => `<data key="${kind}-${key}">${xml(value, place, what)}</data>`);
      lines.push(`    <${name} ${attributes}>${data.join('')}</${name}>`);
    };
    // An id names a node by its position, since ids of the document may hold what XML cannot.
    graph.nodes.forEach((node, index) => {
      if (!keep[index]) return;
      const values = {
        label: node.label,
        kind: graph.words[node.kind],
        resource: node.resource === undefined ? undefined : graph.words[node.resource],
        group: node.group === undefined ? undefined : graph.groups[node.group].label,
      };
      element('node', `id="n${index}"`, 'node', values, { tag: 'node', val: index }, JSON.stringify(node.id));
    });
    graph.edges.forEach((edge, index) => {
      if (!keep[edge.source] || !keep[edge.target]) return;
      const values = {
        label: edge.label === undefined ? undefined : graph.words[edge.label],
        kind: graph.words[edge.kind],
      };
      const ends = `id="e${index}" source="n${edge.source}" target="n${edge.target}"`;
      element('edge', ends, 'edge', values, { tag: 'edge', val: index }, `edge ${index}`);
    });
    lines.push('  </graph>', '</graphml>', '');
    log('debug', `${lines.length} lines`);
    const content = { tag: 'text', val: lines.join('\n') };
    return {
      artifacts: [{ path: 'diagram.graphml', mediaType: 'application/graphml+xml', content }],
      diagnostics,
    };
  },
};
