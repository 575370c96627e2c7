package apptest

import (
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/types"
	"github.com/stretchr/testify/require"
)

// RegistryRow returns the row of a user database as a superuser sees it, or nil if there is no such row.
func (s *Server) RegistryRow(name string) map[string]any {
	s.T.Helper()
	rows := s.Call("GET", s.URL+"/api/collections/user_databases/records?filter="+`name%3D"`+name+`"`, s.SuperuserToken(), nil)
	require.Equal(s.T, 200, rows.Status, rows.Raw)
	if items := rows.Items(); len(items) == 1 {
		return items[0]
	}
	return nil
}

// SetCell makes the registry say that a server has the files of a database, or this one if cell is blank.
func (s *Server) SetCell(name, cell string) {
	s.T.Helper()
	_, err := s.App.NonconcurrentDB().Update("user_databases", dbx.Params{"cell": cell}, dbx.HashExp{"name": name}).Execute()
	require.NoError(s.T, err)
	s.App.Databases.RegistryChanged("", name)
}

// Backdate sets a date of a registry row to a time in the past.
func (s *Server) Backdate(name, field string, before time.Duration) {
	s.T.Helper()
	stamp, err := types.ParseDateTime(time.Now().Add(-before))
	require.NoError(s.T, err)
	_, err = s.App.NonconcurrentDB().Update("user_databases", dbx.Params{field: stamp.String()}, dbx.HashExp{"name": name}).Execute()
	require.NoError(s.T, err)
}
