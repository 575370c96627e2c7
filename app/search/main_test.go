package search_test

import (
	"testing"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestMain(m *testing.M) { apptest.Main(m) }
