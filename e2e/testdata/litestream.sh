#!/bin/sh
# Stands in for Litestream where a test needs no real replication: its replica of a folder is the file data.db in it.
# Under SOAK=1, tests use the real program.
set -eu
replica=${LITESTREAM_REPLICA#file://}
if [ -n "${AES_MASTER_KEY:-}${JWT_SECRET:-}${PB_ENCRYPTION_KEY:-}" ] && [ "$1" = restore ]; then
	echo "Error: started with secrets of the server" >&2
	exit 1
fi
case $1 in
restore) # -config FILE -integrity-check full -o TARGET SOURCE
	grep -q LITESTREAM_REPLICA "$3"
	[ "$8" = "$DATA_DIR/data.db" ]
	if [ ! -e "$replica/data.db" ]; then
		echo "Error: no matching backup files available" >&2
		exit 1
	fi
	cp "$replica/data.db" "$7"
	;;
replicate) # -config FILE
	grep -q LITESTREAM_REPLICA "$3"
	[ -e "$DATA_DIR/data.db" ]
	exec sleep 3600
	;;
*)
	echo "Error: unknown command $1" >&2
	exit 1
	;;
esac
