package cli

import (
	"testing"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

func TestOutputOfBlobsMigrate(t *testing.T) {
	s := startServer(t)
	first := userdb.RecordingMove{Database: "2024-01-15-001-johndoe", Recording: 1001, Bytes: 200_000_000, Done: 1, Total: 2}
	damaged := userdb.RecordingMove{
		Database: "2024-01-15-001-johndoe", Recording: 1002, Error: "move recording 1002: its file is damaged\nsecond line", Done: 2, Total: 2,
	}
	archived := userdb.RecordingMove{Database: "2024-01-15-004-kim", Skipped: "archived"}
	empty := userdb.RecordingMove{Database: "2024-01-15-005-lee"}
	broken := userdb.RecordingMove{Database: "2024-01-15-006-max", Error: "folder is missing"}
	golden(t, "blobs_migrate", s.answer(empty).run("blobs", "migrate", "--to", "disk")+
		s.answer(archived, empty).run("blobs", "migrate", "--to", "disk")+
		s.answer(first, damaged, archived, broken).run("blobs", "migrate", "--to", "disk", "--json")+
		s.run("blobs", "migrate")+
		s.fail("find storage: storage isn't configured: set S3_ENDPOINT").run("blobs", "migrate", "--to", "s3")+
		s.fail("stopped after a failure: store part: storage is full", damaged).run("blobs", "migrate", "--to", "s3"))
}

func TestOutputOfBlobsVerify(t *testing.T) {
	s := startServer(t)
	ready := userdb.Verification{Name: "2024-01-15-001-johndoe", Status: "ready", Problems: []string{}}
	orphan := userdb.Verification{Name: "2024-01-15-002-ada", Status: "ready", Problems: []string{"nothing refers to the file a"}}
	archived := userdb.Verification{Name: "2024-01-15-004-kim", Status: "archived", Problems: []string{}, Skipped: true}
	golden(t, "blobs_verify", s.answer(ready, archived).run("blobs", "verify", "--checksums")+
		s.answer(archived, orphan, ready).run("blobs", "verify")+
		s.answer(archived).run("blobs", "verify", "--json", "kim@example.com"))
}

func TestLinesOfBlobsMigrate(t *testing.T) {
	for move, want := range map[userdb.RecordingMove]string{
		{Database: "a", Recording: 7, Bytes: 200_000_000, Done: 1, Total: 2}:     "a  1/2  recording 7  200 MB",
		{Database: "a", Recording: 7, Error: "damaged\nmore", Done: 1, Total: 2}: "a  1/2  recording 7 failed: damaged",
		{Database: "a", Error: "missing"}:                                        "a  failed: missing",
		{Database: "a", Skipped: "archived"}:                                     "a  skipped: archived (\"userdb restore\" it first)",
		{Database: "a", Skipped: "deleting"}:                                     "a  skipped: deleting",
		{Database: "a"}:                                                          "",
	} {
		if got := moveLine(move); got != want {
			t.Errorf("%+v: %q instead of %q", move, got, want)
		}
	}
}
