#!/usr/bin/env python3
"""Prints the Homebrew formula of a release. Usage: homebrew.py VERSION RELEASES SHA256SUMS"""

import pathlib
import re
import sys

FORMULA = '''class SpecEngine < Formula
  desc "Checks a system-spec document, draws it, and says what a change breaks"
  homepage "{homepage}"
  version "{version}"
  license any_of: ["MIT", "Apache-2.0"]

{systems}
  def install
    bin.install "spec-engine"
    man1.install Dir["*.1"]
    bash_completion.install "completions/spec-engine.bash" => "spec-engine"
    zsh_completion.install "completions/_spec-engine"
    fish_completion.install "completions/spec-engine.fish"
  end

  test do
    (testpath/"system.json").write '{{"name": "s", "services": {{"a": {{"image": {{"name": "i"}}}}}}}}'
    assert_match "s, 1 service", shell_output("#{{bin}}/spec-engine validate system.json")
  end
end
'''
MACHINES = {"on_intel": "x86_64", "on_arm": "aarch64"}
SYSTEMS = {"on_macos": "apple-darwin", "on_linux": "unknown-linux-musl"}


def formula(version, releases, sums):
    systems = ""
    for on_system, system in SYSTEMS.items():
        systems += f"  {on_system} do\n"
        for on_machine, machine in MACHINES.items():
            name = f"spec-engine-{machine}-{system}.tgz"
            if not re.fullmatch("[0-9a-f]{64}", sums.get(name, "")):
                sys.exit(f"SHA256SUMS has no sum of {name}")
            systems += f"    {on_machine} do\n"
            systems += f'      url "{releases}/v{version}/{name}"\n      sha256 "{sums[name]}"\n    end\n'
        systems += "  end\n"
    homepage = releases.removesuffix("/releases/download")
    return FORMULA.format(homepage=homepage, version=version, systems=systems)


def main(version, releases, path):
    lines = pathlib.Path(path).read_text(encoding="utf-8").splitlines()
    sums = {name.lstrip("*"): sum for sum, name in (line.split() for line in lines if line)}
    print(formula(version, releases, sums), end="")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
