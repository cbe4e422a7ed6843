#!/usr/bin/env bash
# Builds the plugins with their own toolchains, tries them, and has other programs read what they write.
# Usage: check.sh SPEC-ENGINE
set -euo pipefail
engine=$(realpath "$1")
cd "$(dirname "${BASH_SOURCE[0]}")"
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# What tells of exceptions is that of `plugins new --lang js`.
cmp javascript/guest.js ../../host/cli/plugins/new/js/guest.js

# Both crates share what the compiler makes of the standard library.
export CARGO_TARGET_DIR=$PWD/rust/target

build_rust() {
    cd "$1"
    ../../../.ci/wasm-cargo build --release
    cargo test --quiet
}

(build_rust rust)
(build_rust rules)
(cd javascript && npm install && npm run build)
(cd python && sh build.sh && venv/bin/pip install --quiet networkx==3.6.1)
plugins=(
    rust/target/wasm32-unknown-unknown/release/inventory.wasm
    javascript/dist/graphml.wasm
    python/dist/backstage.wasm
)
rules=rust/target/wasm32-unknown-unknown/release/house_rules.wasm
# A build for tests compiles a component of 18 MB in minutes, once: then it is in the cache.
"$engine" plugins test "${plugins[@]/#/./}" "./$rules" --snapshots "$out/snapshots" --limit compile-time=600s
for document in ../payments.json ../boutique.json ../otel.json ../../tests/fixtures/hostile.json; do
    name=$(basename "$document" .json)
    for plugin in "${plugins[@]}"; do
        "$engine" render "$document" --plugin "./$plugin" --allow-errors -o "$out/$name/" 2>/dev/null
    done
    "$engine" graph "$document" --allow-errors >"$out/$name/graph.json" 2>/dev/null
    # That it finds something is status 1.
    "$engine" validate "$document" --rules "$rules" --output json >"$out/$name/findings.json" || [ $? = 1 ]
done
# A large system is rendered within the limits that everyone has, names of which Backstage takes nothing among it.
python3 -c '
import json
names = [chr(0x4E00 + index) for index in range(4000)]
services = {name: {"connections": {names[index // 2]: {"protocol": "grpc"}}} for index, name in enumerate(names) if index}
print(json.dumps({"name": "large", "services": {names[0]: {}} | services}))
' >"$out/large.json"
mkdir "$out/large"
for plugin in "${plugins[@]}"; do
    "$engine" render "$out/large.json" --plugin "./$plugin" --allow-errors -o "$out/large/" 2>"$out/log" || {
        cat "$out/log"
        exit 1
    }
done
"$engine" graph "$out/large.json" --allow-errors >"$out/large/graph.json" 2>/dev/null
printf '[rules]\n"house_rules/too-many-connections" = { most = 0 }\n' >"$out/spec-engine.toml"
"$engine" validate "$out/large.json" --rules "$rules" --output json >"$out/large/findings.json" || [ $? = 1 ]
python/venv/bin/python read.py "$out"/*/
(cd ../../tests/oracles && node backstage.mjs "$out"/*/catalog-info.yaml)
