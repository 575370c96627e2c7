package userdb

import "github.com/fathom-to-loom/fathom-to-loom/app/pool"

// PoolStats returns the state of the open databases. It reads no database.
func (s *Service) PoolStats() pool.Stats { return s.pool.Stats() }
