#!/bin/sh
# Installs a release of spec-engine: downloads the archive for this machine, compares its sum, and puts the binary into a
# folder.
#
# Usage: install.sh [--version X.Y.Z] [--to FOLDER]
#
# HTTPS_PROXY is used where it is set. SPEC_ENGINE_RELEASES is the address of the releases, for a mirror.
set -eu

# The release workflow fills in both.
version="@VERSION@"
releases="${SPEC_ENGINE_RELEASES:-@RELEASES@}"
to="${HOME:-.}/.local/bin"

fail() {
    printf 'error: %s\n' "$1" >&2
    if [ -n "${2:-}" ]; then printf '  help: %s\n' "$2" >&2; fi
    exit 1
}

while [ $# -gt 0 ]; do
    case $1 in
        --version) version=${2:?--version needs X.Y.Z} && shift 2 ;;
        --to) to=${2:?--to needs a folder} && shift 2 ;;
        *) fail "unknown argument $1" "install.sh [--version X.Y.Z] [--to FOLDER]" ;;
    esac
done
case $version in
    @*) fail "this is the installer of no release" "name one: --version X.Y.Z" ;;
    *[!0-9A-Za-z.+-]* | "") fail "$version is no version" "name one: --version X.Y.Z" ;;
esac
case $releases in
    @*) fail "this is the installer of no release" "say where the releases are: SPEC_ENGINE_RELEASES=https://…" ;;
esac

machine=$(uname -m)
case $machine in
    x86_64 | amd64) machine=x86_64 ;;
    arm64 | aarch64) machine=aarch64 ;;
esac
system=$(uname -s)
case $system in
    Linux)
        # A system without glibc gets the static binary.
        if ldd --version 2>&1 | grep -qi 'musl\|not found' || ! command -v ldd >/dev/null; then
            system=unknown-linux-musl
        else
            system=unknown-linux-gnu
        fi
        ;;
    Darwin) system=apple-darwin ;;
esac
target=$machine-$system
case $target in
    x86_64-unknown-linux-gnu | x86_64-unknown-linux-musl | aarch64-unknown-linux-gnu | aarch64-unknown-linux-musl) ;;
    x86_64-apple-darwin | aarch64-apple-darwin) ;;
    *) fail "there is no binary for $target" "build it: cargo install spec-engine --locked" ;;
esac

fetch() {
    if command -v curl >/dev/null; then
        curl --fail --location --silent --show-error --retry 2 --output "$2" "$1"
    elif command -v wget >/dev/null; then
        wget --quiet --output-document "$2" "$1"
    else
        fail "neither curl nor wget is there" "install one of them"
    fi
}

sum() {
    if command -v sha256sum >/dev/null; then
        sha256sum "$1"
    elif command -v shasum >/dev/null; then
        shasum -a 256 "$1"
    else
        fail "neither sha256sum nor shasum is there" "install coreutils"
    fi | cut -d ' ' -f 1
}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
name=spec-engine-$target
address=$releases/v$version
for file in SHA256SUMS "$name.tgz"; do
    fetch "$address/$file" "$folder/$file" ||
        fail "cannot download $address/$file" "is there a release $version? behind a proxy, set HTTPS_PROXY; with a mirror, SPEC_ENGINE_RELEASES"
done
expected=$(awk -v name="$name.tgz" '$2 == name || $2 == "*" name { print $1 }' "$folder/SHA256SUMS")
[ -n "$expected" ] || fail "SHA256SUMS of release $version does not name $name.tgz" "report it"
found=$(sum "$folder/$name.tgz")
[ "$expected" = "$found" ] || fail "$name.tgz has the sum $found, and $expected was expected; nothing was installed" "download it again; if it stays, the file is not what was released: report it"
tar -xzf "$folder/$name.tgz" -C "$folder"
"$folder/$name/spec-engine" --version >/dev/null || fail "the binary for $target does not run here" "build it: cargo install spec-engine --locked"
mkdir -p "$to" || fail "cannot make the folder $to" "name another one: --to FOLDER"
# Renamed, so that one that runs is replaced whole.
new=$to/.spec-engine.$$
if ! cp "$folder/$name/spec-engine" "$new" || ! mv -f "$new" "$to/spec-engine"; then
    fail "cannot write into $to" "name another folder: --to FOLDER"
fi
printf 'installed %s in %s\n' "$("$to/spec-engine" --version)" "$to"
case ":$PATH:" in
    *":$to:"*) ;;
    *) printf 'add it to PATH: export PATH="%s:%sPATH"\n' "$to" '$' ;;
esac
