#!/bin/sh
# Makes the component dist/NAME.wasm of app.py.
set -e
[ -d venv ] || python3 -m venv venv
venv/bin/pip install --quiet --require-hashes --requirement requirements.txt
mkdir -p dist
venv/bin/componentize-py --wit-path wit --world renderer-plugin componentize app --output dist/NAME.wasm
