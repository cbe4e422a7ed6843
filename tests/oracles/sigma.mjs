// graphology, the graph that sigma.js draws. It has no groups: a node says which one it is in.

import Graph from 'graphology';

export function read(text) {
  const graph = Graph.from(JSON.parse(text));
  return {
    nodes: graph.mapNodes((key, { label, group, kind, x, y, size }) => {
      if (![x, y, size].every(Number.isFinite)) {
        throw new Error(`sigma cannot place ${key}: x ${x}, y ${y}, size ${size}`);
      }
      return { key, label, group: group ?? null, shape: kind };
    }),
    groups: [],
    edges: graph.mapEdges((key, { label }, source, target) => ({
      source,
      target,
      label: label ?? '',
      directed: graph.isDirected(key),
    })),
  };
}
