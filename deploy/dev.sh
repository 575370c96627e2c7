#!/bin/sh
# Starts the server, and builds and starts it again whenever a source or a file of the web app changes.
set -eu
exec go tool -modfile=.ci/tools.mod wgo run \
	-file '\.(go|js|css|html|svg|mod|sum)$' -xfile '_test\.go$' -xdir '^(e2e|node_modules|docs|deploy|dist)$' -debounce 300ms \
	. serve
