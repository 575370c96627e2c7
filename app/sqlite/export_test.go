package sqlite

import (
	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// Statements returns how many prepared statements a driver connection has.
func Statements(conn any) (n int) {
	if pooled, ok := conn.(*pooledConn); ok {
		conn = pooled.guardedConn
	}
	handle := conn.(*guardedConn).handle
	withTLS(func(tls *libc.TLS) {
		for s := lib.Xsqlite3_next_stmt(tls, handle, 0); s != 0; s = lib.Xsqlite3_next_stmt(tls, handle, s) {
			n++
		}
	})
	return n
}
