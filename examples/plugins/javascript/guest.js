// What the engine calls: the abilities of plugin.js. Leave it as it is.
//
// The toolchain takes the `Error` of plugin.js, which is of another realm than its own, for a list without entries: its
// message would be lost. Thrown again while the toolchain reads it, it ends the call, and the log has message and stack.

import * as plugin from './plugin.js';

// `isAnswer` tells what `name` may throw as its answer from an exception.
const told = (ability, name, isAnswer) =>
  ability &&
  Object.assign(Object.create(ability), {
    [name](...given) {
      try {
        return ability[name](...given);
      } catch (thrown) {
        if (isAnswer(thrown)) throw thrown;
        const error = typeof thrown?.stack === 'string' ? thrown : new Error(`${name} threw ${JSON.stringify(thrown)}`);
        throw {
          get payload() {
            throw error;
          },
        };
      }
    },
  });

export const { meta } = plugin;
export const renderer = told(plugin.renderer, 'render', Array.isArray);
export const rules = told(plugin.rules, 'check', (thrown) => typeof thrown === 'string');
export const importer = told(plugin.importer, 'convert', Array.isArray);
