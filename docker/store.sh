#!/bin/sh
# An S3 store in one folder: rclone's, with the bucket and the keys that the bot is told.
#   store.sh FOLDER ADDRESS
set -eu
: "${S3_BUCKET:?is not set}" "${S3_ACCESS_KEY_ID:?is not set}" "${S3_SECRET_ACCESS_KEY:?is not set}"

mkdir -p "$1/$S3_BUCKET"
# Not as an argument, which every user of the machine could read; quoted, for rclone splits it at commas.
RCLONE_AUTH_KEY="\"$S3_ACCESS_KEY_ID,$S3_SECRET_ACCESS_KEY\""
export RCLONE_AUTH_KEY
exec rclone serve s3 --config= --addr "$2" --vfs-cache-mode off "$1"
