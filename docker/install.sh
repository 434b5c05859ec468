#!/bin/sh
# What the image holds, made in two steps so that a change of ours does not fetch every package again:
#   install.sh packages TARGET   a virtual environment with the pinned and hashed packages
#   install.sh program TARGET    the bot beside it, compiled
# Run from the folder of the sources. A test runs the same steps without any image.
set -eu
target=$2

case $1 in
packages)
    python3 -m venv "$target/venv"
    "$target/venv/bin/python" -m pip install --no-cache-dir --disable-pip-version-check --require-hashes \
        --requirement requirements.txt
    ;;
program)
    cp -R bot providers storage LICENSE "$target/"
    "$target/venv/bin/python" -m compileall -q "$target/bot" "$target/providers" "$target/storage"
    ;;
*)
    echo "install.sh: packages or program?" >&2
    exit 2
    ;;
esac
