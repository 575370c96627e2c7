#!/bin/sh
# Stands in for programs that change the machine, so that docs/installation.md can be tried in the folder $ROOT: it is
# linked under their names, and works with the server and the loader of Compose files that the test has built.
set -eu
name=$(basename "$0")
fail() { echo "$name: $*" >&2; exit 1; }
case $name in
sudo)
	[ "$1" != -u ] || shift 2
	exec "$@" ;;
adduser | chown) ;;
install) # without owners
	for arg; do
		shift
		case $arg in -o | -g) skip=1; continue ;; esac
		if [ "${skip:-}" ]; then skip=; continue; fi
		set -- "$@" "$arg"
	done
	exec /usr/bin/install "$@" ;;
make)
	mkdir -p bin dist
	case $1 in
	build) cp "$SERVER" bin/fathom-to-loom ;;
	release) : >"dist/fathom-to-loom_1.0.0_$(dpkg --print-architecture).deb" ;;
	*) fail "unknown target $1" ;;
	esac ;;
apt)
	[ -e "$2" ] || fail "$2 doesn't exist"
	mkdir -p "$ROOT/var/lib/fathom-to-loom" "$ROOT/usr/bin"
	cp "$SERVER" "$ROOT/usr/bin/fathom-to-loom"
	fathom-to-loom keys generate --write "$ROOT/var/lib/fathom-to-loom/.env"
	systemctl start fathom-to-loom ;;
nginx) exec "$NGINX" -t -e stderr -c "$ROOT/etc/nginx/nginx.conf" ;;
systemctl)
	action=$1
	pid=$ROOT/server.pid
	for service; do
		case $service in
		"$action" | --now) continue ;;
		caddy) caddy validate --adapter caddyfile --config "$ROOT/etc/caddy/Caddyfile"; continue ;;
		nginx) continue ;;
		fathom-to-loom) ;;
		*) fail "unknown service $service" ;;
		esac
		case $action in
		status) kill -0 "$(cat "$pid")"; continue ;;
		start | enable) ;;
		restart)
			kill "$(cat "$pid")"
			while kill -0 "$(cat "$pid")" 2>/dev/null; do sleep 0.05; done ;;
		*) fail "unknown command $action" ;;
		esac
		cd "$ROOT/var/lib/fathom-to-loom"
		"$ROOT/usr/bin/fathom-to-loom" serve >>"$ROOT/server.log" 2>&1 &
		echo $! >"$pid"
	done ;; # at once, as systemd does
docker)
	case $1 in
	build) [ -e Dockerfile ] ;;
	run)
		for arg; do
			shift
			case $arg in */host/*) arg=$PWD/${arg#/host/} ;; esac
			[ -z "${found:-}" ] || set -- "$@" "$arg"
			[ "$arg" != fathom-to-loom ] || found=1
		done
		exec "$SERVER" "$@" ;;
	compose)
		shift
		files= profiles=
		while :; do
			case $1 in
			-f) files="$files $2"; shift 2 ;;
			--profile) profiles=$2; shift 2 ;;
			*) break ;;
			esac
		done
		[ "$1 ${2:-}" != "up dev" ] || profiles=dev
		: "${profiles:=$(sed -n 's/^COMPOSE_PROFILES=//p' .env)}"
		# shellcheck disable=SC2086 # a list of files
		"$COMPOSE" -profiles "$profiles" ${files:-docker-compose.yml} >"$ROOT/project.json"
		case $1 in
		up) ;; # what the test checks is the project
		exec) grep -q "\"$2\": {" "$ROOT/project.json" || grep -q "\"$2\":{" "$ROOT/project.json" || fail "no service $2" ;;
		*) fail "unknown command $1" ;;
		esac ;;
	*) fail "unknown command $1" ;;
	esac ;;
*) fail "stands in for nothing" ;;
esac
