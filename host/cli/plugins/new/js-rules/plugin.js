// Finds services that connect to too many others.

export const meta = {
  describe() {
    return {
      name: 'NAME',
      version: '0.1.0',
      summary: 'Finds services that connect to too many others',
      mediaTypes: [],
      fileExtension: '',
      optionsSchema: '',
    };
  },
};

export const rules = {
  all() {
    return [
      {
        name: 'too-many-connections',
        severity: 'warning',
        summary: 'A service has more connections than it may have.',
        docs: '## Why is this bad\nWhoever changes it has to know all that it talks to.',
        // What a project can decide.
        optionsSchema: JSON.stringify({
          type: 'object',
          properties: {
            most: { type: 'integer', default: 10, minimum: 0, description: 'The most connections of a service.' },
          },
        }),
      },
    ];
  },

  // `graph` is that of the whole document, as wit/plugin.wit says.
  check(rule, graph, request) {
    // A rule that cannot do its work throws one sentence. Anything else that is thrown is a fault of the plugin.
    if (rule !== 'too-many-connections') throw `there is no rule ${rule}`;
    const { most } = JSON.parse(request.options);
    const counts = new Array(graph.nodes.length).fill(0);
    for (const edge of graph.edges) counts[edge.source] += 1;
    const findings = [];
    graph.nodes.forEach((node, position) => {
      if (counts[position] <= most) return;
      findings.push({
        message: `\`${node.label}\` has ${counts[position]} connections`,
        place: { tag: 'node', val: position },
        help: 'Split it',
      });
    });
    return findings;
  },
};
