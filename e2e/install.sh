#!/bin/sh
# Installs the programs that the tests need in addition to Go, if they are missing: a C compiler for the
# race detector, Node.js for the JavaScript SDKs, two browsers for the web app, ffprobe for the files that people
# download, nginx and Caddy in front of the server, promtool for the alerts, and nats-server, through which the machines
# of a cluster meet. Prints what it installs.
set -eu

has() { command -v "$1" >/dev/null; }

missing=""
has cc || missing="$missing gcc libc6-dev"
has node || missing="$missing nodejs"
has npm || missing="$missing npm"
has ffprobe || missing="$missing ffmpeg"
has nginx || [ -x /usr/sbin/nginx ] || missing="$missing nginx-light"
has caddy || missing="$missing caddy"
has promtool || missing="$missing prometheus"
has nats-server || [ -x /usr/sbin/nats-server ] || missing="$missing nats-server"
has envsubst || missing="$missing gettext-base"
has firefox-esr || has firefox || missing="$missing firefox-esr"
has chromium-headless-shell || has chromium || missing="$missing chromium"
if [ -n "$missing" ] && ! has apt-get; then
	echo "The tests need these programs on the PATH: cc, node (20.19 or newer), npm, chromium or chromium-headless-shell, firefox-esr or firefox, ffprobe, nginx, caddy, promtool, nats-server, envsubst." >&2
	exit 1
fi
sudo=""
[ "$(id -u)" = 0 ] || sudo=sudo
[ -z "$missing" ] || $sudo apt-get update -qq

# Debian and Ubuntu differ: where Chromium comes without a user interface, it does the tests with half the CPU time.
if ! has chromium-headless-shell && has apt-get && apt-cache show chromium-headless-shell >/dev/null 2>&1; then
	missing="${missing% chromium} chromium-headless-shell"
fi
if ! has firefox-esr && ! has firefox && ! apt-cache show firefox-esr >/dev/null 2>&1; then
	missing=$(echo "$missing" | sed 's/firefox-esr/firefox/')
fi
if [ -n "$missing" ]; then
	echo "Installing$missing with apt-get."
	# shellcheck disable=SC2086 # a list of packages
	DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi
node -e 'const [major, minor] = process.versions.node.split("."); process.exit(major > 20 || major == 20 && minor >= 19 ? 0 : 1)' || {
	echo "The tests need Node.js 20.19 or newer, not $(node --version)." >&2
	exit 1
}
