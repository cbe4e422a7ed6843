// Writes every node of a system as CSV.

// RFC 4180: a field is quoted where it has to be.
const csv = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export const meta = {
  describe() {
    return {
      name: 'NAME',
      version: '0.1.0',
      summary: 'Lists every node as CSV',
      mediaTypes: ['text/csv'],
      fileExtension: 'csv',
      optionsSchema: JSON.stringify({
        type: 'object',
        properties: {
          header: { type: 'boolean', default: true, description: 'Whether the first line names the columns.' },
          kind: { type: 'string', default: '', description: 'List only nodes of this kind, such as `service`.' },
        },
      }),
    };
  },
};

export const renderer = {
  // `graph` is what wit/plugin.wit says; kinds and labels of edges are positions in `graph.words`.
  render(graph, request) {
    const options = JSON.parse(request.options);
    const kind = (node) => graph.words[node.kind];
    const nodes = graph.nodes.filter((node) => !options.kind || kind(node) === options.kind);
    if (nodes.length === 0 && options.kind) {
      const message = `no node is of the kind ${JSON.stringify(options.kind)}`;
      const kinds = [...new Set(graph.nodes.map(kind))].join(', ');
      // What the user did wrong is thrown as a list. Anything else that is thrown ends the call as a fault of the plugin.
      throw [{ severity: 'error', code: 'no-such-kind', message, help: `this document has ${kinds}` }];
    }
    const rows = nodes.map((node) => [kind(node), node.label]);
    if (options.header) rows.unshift(['kind', 'name']);
    const text = rows.map((row) => `${row.map(csv).join(',')}\r\n`).join('');
    // As bytes: this toolchain takes some 2,500 steps for each character of a string that it hands back.
    const content = { tag: 'bytes', val: new TextEncoder().encode(text) };
    return {
      artifacts: [{ path: 'NAME.csv', mediaType: 'text/csv', content }],
      diagnostics: [],
    };
  },
};
