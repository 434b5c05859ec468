#!/bin/sh
# What the image holds, made in steps so that a change of ours does not fetch every package again:
#   install.sh view TARGET       what the page of a model and lighter copies need of npm packages, with licences
#   install.sh packages TARGET   a virtual environment with the pinned and hashed packages
#   install.sh program TARGET    the bot beside it, compiled
#   install.sh lights TARGET     tables of light for its films, so that no first start computes them
# Run from the folder of the sources. A test runs the same steps without any image.
set -eu
target=$2

case $1 in
view)
    npm ci --omit=dev --ignore-scripts --no-audit --no-fund
    view="@google/model-viewer/dist/model-viewer.min.js @google/model-viewer/LICENSE"
    draco=three/examples/jsm/libs/draco/gltf
    pack="gltfpack/package.json gltfpack/cli.js gltfpack/library.js gltfpack/library.wasm gltfpack/LICENSE.md"
    for file in $view $draco/draco_wasm_wrapper.js $draco/draco_decoder.wasm three/LICENSE $pack; do
        mkdir -p "$target/node_modules/$(dirname "$file")"
        cp "node_modules/$file" "$target/node_modules/$file"
    done
    ;;
packages)
    python3 -m venv "$target/venv"
    "$target/venv/bin/python" -m pip install --no-cache-dir --disable-pip-version-check --require-hashes \
        --requirement requirements-preview.txt
    ;;
program)
    cp -R bot providers storage LICENSE "$target/"
    "$target/venv/bin/python" -m compileall -q "$target/bot" "$target/providers" "$target/storage"
    ;;
lights)
    mkdir -p "$target/data"
    cd "$target"
    if venv/bin/python -c "import f3d" 2>/dev/null; then  # there is no wheel of it for every machine
        mkdir data/lights
        HOME=/tmp venv/bin/python -m bot.files.previews light data/lights
    fi
    ;;
*)
    echo "install.sh: view, packages, program or lights?" >&2
    exit 2
    ;;
esac
