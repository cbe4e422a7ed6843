// Cytoscape.js without a screen.

import cytoscape from 'cytoscape';

export function read(text) {
  const { elements } = JSON.parse(text);
  const core = cytoscape({ headless: true, elements });
  try {
    const given = elements.nodes.length + elements.edges.length;
    if (core.elements().length !== given) {
      throw new Error(`${given} elements are in the text, ${core.elements().length} were taken`);
    }
    const parent = (node) => (node.parent().empty() ? null : node.parent().id());
    return {
      nodes: core
        .nodes((node) => !node.isParent())
        .map((node) => ({ key: node.id(), label: node.data('label'), group: parent(node), shape: node.data('kind') })),
      groups: core
        .nodes((node) => node.isParent())
        .map((node) => ({ key: node.id(), label: node.data('label'), parent: parent(node) })),
      edges: core.edges().map((edge) => ({
        source: edge.source().id(),
        target: edge.target().id(),
        label: edge.data('label') ?? '',
        directed: true,
      })),
    };
  } finally {
    core.destroy();
  }
}
