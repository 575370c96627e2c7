package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/control"
	"github.com/fathom-to-loom/fathom-to-loom/app/operator"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

func blobsCommand(a *app.App) *cobra.Command {
	root := group("blobs", "Move and check the files of recordings",
		"Move and check the files of recordings, on disk and in S3.\n\n"+
			"Specify a database by its name or its owner's e-mail address, or none for all of them. If a\n"+
			"server runs on the data directory, it does the work; otherwise this command does.",
		blobsMigrate(a), blobsVerify(a))
	addJSONFlag(root)
	return root
}

func blobsMigrate(a *app.App) *cobra.Command {
	var to string
	command := &cobra.Command{
		Use: "migrate --to s3|disk [NAME ...]", Short: "Move existing recordings to S3 or to disk",
		Long: "Move existing recordings to S3 or to disk while people use them. A recording stays where it\n" +
			"is until its copy is complete and has the right checksum. Interrupt the command whenever you\n" +
			"like: run it again to continue. It goes on with the next database if a disk is full, and stops if\n" +
			"S3 fails. Archived databases are skipped: \"userdb restore\" them first.",
		Example: "  fathom-to-loom blobs migrate --to s3",
		RunE: func(command *cobra.Command, names []string) error {
			engine := blob.Engine(to)
			if engine != blob.EngineDisk && engine != blob.EngineS3 {
				return errors.New("specify --to s3 or --to disk")
			}
			request := operator.RecordingsRequest{Names: names, To: engine}
			return withProgress(command, longCommand{"move", continueAgain}, func(ctx context.Context) error {
				return writeMoves(command, time.Now, func(emit func(userdb.RecordingMove) error) error {
					return withOwner(ctx, a, operator.MoveRecordings.ReadOnly, func(client *control.Client) error {
						return operator.MoveRecordings.Stream(ctx, client, request, emit)
					})
				})
			})
		},
	}
	command.Flags().StringVar(&to, "to", "", "s3 or disk")
	return command
}

func blobsVerify(a *app.App) *cobra.Command {
	var checksums bool
	command := &cobra.Command{
		Use: "verify [NAME ...]", Short: "Find missing and orphaned recordings",
		Long: "Compare the recordings of user databases with the files on disk and in S3: report files that\n" +
			"are missing or have the wrong size, and files older than a day that nothing refers to. With\n" +
			"--checksums, read every file, too. The command changes nothing. Archived databases are skipped.",
		Example: "  fathom-to-loom blobs verify --checksums johndoe@example.com",
		RunE: func(command *cobra.Command, names []string) error {
			return verify(command, a, operator.VerifyRecordings, operator.RecordingsRequest{Names: names, Checksums: checksums})
		},
	}
	command.Flags().BoolVar(&checksums, "checksums", false, "also read every file and compare its checksum")
	return command
}

// writeMoves prints each result as it arrives from stream or, with --json, all of them at the end. It returns the error of
// stream, or an error if a recording or a database wasn't moved.
func writeMoves(command *cobra.Command, now func() time.Time, stream func(emit func(userdb.RecordingMove) error) error) error {
	out, asJSON := command.OutOrStdout(), wantsJSON(command)
	summary := moveSummary{moves: []userdb.RecordingMove{}, started: now(), now: now}
	err := stream(func(move userdb.RecordingMove) error {
		summary.add(move)
		if line := moveLine(move); line != "" && !asJSON {
			_, err := fmt.Fprintln(out, line)
			return err
		}
		return nil
	})
	if err != nil && len(summary.moves) == 0 && command.Context().Err() == nil {
		return err // nothing has begun
	}
	if asJSON {
		if err := writeJSON(out, summary.moves); err != nil {
			return err
		}
	} else if err := summary.write(out); err != nil {
		return err
	}
	if err != nil {
		return fmt.Errorf("%w (run the command again to continue)", err)
	}
	if summary.failed > 0 {
		return fmt.Errorf("%d failed", summary.failed)
	}
	return nil
}

// moveLine describes a result, or returns "" for a database without anything to move.
func moveLine(move userdb.RecordingMove) string {
	switch {
	case move.Skipped != "":
		return fmt.Sprintf("%s  skipped: %s", move.Database, explainSkipped(move.Skipped))
	case move.Error != "" && move.Recording == 0:
		return fmt.Sprintf("%s  failed: %s", move.Database, firstLine(move.Error))
	case move.Error != "":
		return fmt.Sprintf("%s  %d/%d  recording %d failed: %s", move.Database, move.Done, move.Total, move.Recording, firstLine(move.Error))
	case move.Recording != 0:
		return fmt.Sprintf("%s  %d/%d  recording %d  %s", move.Database, move.Done, move.Total, move.Recording, formatSize(move.Bytes))
	}
	return ""
}

// explainSkipped says why a database with a status was left out, and what to do.
func explainSkipped(status string) string {
	if status == string(registry.StatusArchived) {
		return status + " (\"userdb restore\" it first)"
	}
	return status
}

// moveSummary counts results.
type moveSummary struct {
	moves         []userdb.RecordingMove
	started       time.Time
	now           func() time.Time
	moved, failed int
	skipped       int // databases
	bytes         int64
}

func (s *moveSummary) add(move userdb.RecordingMove) {
	s.moves = append(s.moves, move)
	switch {
	case move.Skipped != "":
		s.skipped++
	case move.Error != "":
		s.failed++
	case move.Recording != 0:
		s.moved++
		s.bytes += move.Bytes
	}
}

func (s *moveSummary) write(to io.Writer) error {
	text := fmt.Sprintf("%d moved (%s", s.moved, formatSize(s.bytes))
	if seconds := s.now().Sub(s.started).Seconds(); s.bytes > 0 && seconds > 0 {
		text += ", " + formatSize(int64(float64(s.bytes)/seconds)) + "/s"
	}
	text += fmt.Sprintf("), %d failed", s.failed)
	if s.skipped > 0 {
		text += fmt.Sprintf(", %d skipped", s.skipped)
	}
	_, err := fmt.Fprintln(to, text)
	return err
}
