#!/bin/sh
# Installs the browser that the tests of the web app drive.
set -eu
if ! command -v apt-get >/dev/null; then
	echo "The browser tests need Chromium: install it so that \`chromium\` is on the PATH." >&2
	exit 1
fi
sudo=""
[ "$(id -u)" = 0 ] || sudo=sudo
$sudo apt-get update -qq
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends chromium >/dev/null
