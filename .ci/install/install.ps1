# Installs a release of spec-engine on Windows: downloads the archive, compares its sum, and puts the binary into a folder.
#
# Usage: install.ps1 [-Version X.Y.Z] [-To FOLDER]
#
# The proxy of the system is used. SPEC_ENGINE_RELEASES is the address of the releases, for a mirror.
param(
    # The release workflow fills this in.
    [string]$Version = "@VERSION@",
    [string]$To = "$env:LOCALAPPDATA\Programs\spec-engine"
)
$ErrorActionPreference = "Stop"
[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12

$releases = if ($env:SPEC_ENGINE_RELEASES) { $env:SPEC_ENGINE_RELEASES } else { "@RELEASES@" }
if ($Version -notmatch '^[0-9A-Za-z.+-]+$' -or $releases.StartsWith("@")) {
    throw "this is the installer of no release: name one with -Version X.Y.Z, and SPEC_ENGINE_RELEASES"
}
if (-not [Environment]::Is64BitOperatingSystem) {
    throw "there is no binary for 32-bit Windows: build it with cargo install spec-engine --locked"
}
$name = "spec-engine-x86_64-pc-windows-msvc"
$folder = Join-Path ([IO.Path]::GetTempPath()) ([IO.Path]::GetRandomFileName())
New-Item -ItemType Directory -Path $folder | Out-Null
try {
    foreach ($file in "SHA256SUMS", "$name.zip") {
        try {
            Invoke-WebRequest -UseBasicParsing -Uri "$releases/v$Version/$file" -OutFile (Join-Path $folder $file)
        } catch {
            throw "cannot download $releases/v$Version/${file}: is there a release $Version? behind a proxy, set it in the settings of Windows; with a mirror, SPEC_ENGINE_RELEASES. $_"
        }
    }
    $line = Get-Content (Join-Path $folder "SHA256SUMS") | Where-Object { ($_ -split '\s+\*?')[1] -eq "$name.zip" }
    if (-not $line) { throw "SHA256SUMS of release $Version does not name $name.zip" }
    $expected = ($line -split '\s+')[0]
    $found = (Get-FileHash -Algorithm SHA256 (Join-Path $folder "$name.zip")).Hash.ToLower()
    if ($found -ne $expected) {
        throw "$name.zip has the sum $found, and $expected was expected; nothing was installed"
    }
    Expand-Archive -Path (Join-Path $folder "$name.zip") -DestinationPath $folder
    New-Item -ItemType Directory -Force -Path $To | Out-Null
    Copy-Item -Force (Join-Path $folder "$name\spec-engine.exe") (Join-Path $To "spec-engine.exe")
    Write-Output "installed $(& (Join-Path $To 'spec-engine.exe') --version) in $To"
    if (($env:PATH -split ';') -notcontains $To) { Write-Output "add it to PATH: $To" }
} finally {
    Remove-Item -Recurse -Force $folder
}
