#!/bin/sh
# Makes the component dist/NAME.wasm of app.py.
set -e
[ -d venv ] || python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
mkdir -p dist
venv/bin/componentize-py --wit-path wit --world PLUGIN_WORLD componentize app --output dist/NAME.wasm
