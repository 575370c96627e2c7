#!/bin/sh
# Installs the programs that the tests need in addition to Go, if they are missing: a C compiler for the
# race detector, Node.js for the JavaScript SDKs, a browser for the web app, and ffprobe for the files that people
# download. Prints what it installs.
set -eu
missing=""
command -v cc >/dev/null || missing="$missing gcc libc6-dev"
command -v node >/dev/null || missing="$missing nodejs"
command -v npm >/dev/null || missing="$missing npm"
command -v chromium >/dev/null || missing="$missing chromium"
command -v ffprobe >/dev/null || missing="$missing ffmpeg"
if [ -z "$missing" ]; then
	node -e 'const [major, minor] = process.versions.node.split("."); process.exit(major > 20 || major == 20 && minor >= 19 ? 0 : 1)' || {
		echo "The tests need Node.js 20.19 or newer, not $(node --version)." >&2
		exit 1
	}
	exit 0
fi
if ! command -v apt-get >/dev/null; then
	echo "The tests need these programs on the PATH: cc, node (20.19 or newer), npm, chromium, ffprobe." >&2
	exit 1
fi
sudo=""
[ "$(id -u)" = 0 ] || sudo=sudo
echo "Installing$missing with apt-get."
$sudo apt-get update -qq
# shellcheck disable=SC2086 # a list of packages
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
