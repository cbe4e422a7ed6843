// What a flowchart of Mermaid has in it, in every version of Mermaid.

// Returns the nodes, groups and edges of a diagram; `labels` returns the label of each, by what Mermaid holds of it. It
// runs in pages, too, so it uses nothing of this file.
export function structure({ type, db }, labels) {
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
  // Before version 11, it is an object.
  const vertices = db.getVertices();
  return {
    direction: db.getDirection(),
    nodes: (vertices instanceof Map ? [...vertices.values()] : Object.values(vertices))
      .filter((vertex) => !isGroup.has(vertex.id))
      .map((vertex) => ({
        key: vertex.id,
        label: labels.node(vertex),
        group: parents.get(vertex.id) ?? null,
        shape: vertex.type,
        link: vertex.link ?? null,
      })),
    groups: subgraphs.map((subgraph) => ({
      key: subgraph.id,
      label: labels.group(subgraph),
      parent: parents.get(subgraph.id) ?? null,
    })),
    edges: db.getEdges().map((edge, index) => ({
      source: edge.start,
      target: edge.end,
      label: labels.edge(edge, index),
      directed: edge.type === 'arrow_point',
    })),
  };
}
