package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/fathom-to-loom/fathom-to-loom/app/control"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// operation is what a command asks the process for that owns the data
// directories.
type operation struct {
	Names    []string `json:"names,omitempty"` // none means all, where that makes sense
	Parallel int      `json:"parallel,omitempty"`
	AtOnce   bool     `json:"at_once,omitempty"`
}

// Names of operations.
const (
	opList    = "userdb/list"
	opShow    = "userdb/show"
	opStats   = "userdb/stats"
	opMigrate = "userdb/migrate"
	opArchive = "userdb/archive"
	opRestore = "userdb/restore"
	opDelete  = "userdb/delete"
	opVerify  = "userdb/verify"
	opExport  = "userdb/export"
)

// listenForCommands answers commands until the program stops.
func (a *App) listenForCommands() error {
	a.control = control.NewServer(a.DataDir(), a.Log.With("component", "control"))
	items := func(name string, run func(ctx context.Context, op operation, emit func(any) error) error) {
		a.control.Items(name, func(ctx context.Context, request json.RawMessage, emit func(any) error) error {
			op, err := decodeOperation[operation](request)
			if err != nil {
				return err
			}
			return run(ctx, op, emit)
		})
	}
	// outcomes is an operation over databases, one outcome an item. Who stops
	// listening ends it.
	outcomes := func(name string, run func(ctx context.Context, op operation, report func(userdb.Outcome)) error) {
		items(name, func(ctx context.Context, op operation, emit func(any) error) error {
			ctx, stop := context.WithCancelCause(ctx)
			defer stop(nil)
			return run(ctx, op, func(o userdb.Outcome) { stopOn(emit(o), stop) })
		})
	}
	items(opList, func(ctx context.Context, op operation, emit func(any) error) error {
		infos, err := a.Databases.List(ctx, op.Names)
		if err != nil {
			return err
		}
		return emitAll(infos, emit)
	})
	items(opShow, func(ctx context.Context, op operation, emit func(any) error) error {
		for _, name := range op.Names {
			details, err := a.Databases.Show(ctx, name)
			if err == nil {
				err = emit(details)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	items(opStats, func(ctx context.Context, _ operation, emit func(any) error) error {
		stats, err := a.Databases.Stats(ctx)
		if err != nil {
			return err
		}
		return emit(stats)
	})
	items(opVerify, func(ctx context.Context, op operation, emit func(any) error) error {
		ctx, stop := context.WithCancelCause(ctx)
		defer stop(nil)
		return a.Databases.Verify(ctx, op.Names, op.Parallel, func(v userdb.Verification) { stopOn(emit(v), stop) })
	})
	outcomes(opMigrate, func(ctx context.Context, op operation, report func(userdb.Outcome)) error {
		return a.Databases.Migrate(ctx, op.Names, op.Parallel, report)
	})
	outcomes(opArchive, func(ctx context.Context, op operation, report func(userdb.Outcome)) error {
		return a.Databases.Archive(ctx, op.Names, report)
	})
	outcomes(opRestore, func(ctx context.Context, op operation, report func(userdb.Outcome)) error {
		return a.Databases.Restore(ctx, op.Names, report)
	})
	outcomes(opDelete, func(ctx context.Context, op operation, report func(userdb.Outcome)) error {
		return a.Databases.Delete(ctx, op.Names, op.AtOnce, report)
	})
	a.control.Bytes(opExport, func(ctx context.Context, request json.RawMessage, to io.Writer) error {
		op, err := decodeOperation[operation](request)
		if err != nil {
			return err
		}
		if len(op.Names) != 1 {
			return errors.New("say which user database to export")
		}
		return a.Databases.ExportNamed(ctx, op.Names[0], to)
	})
	a.answerQueueCommands()
	return a.control.Start()
}

func emitAll[T any](all []T, emit func(any) error) error {
	for _, one := range all {
		if err := emit(one); err != nil {
			return err
		}
	}
	return nil
}

func decodeOperation[T any](request json.RawMessage) (op T, err error) {
	if err := json.Unmarshal(request, &op); err != nil {
		return op, fmt.Errorf("read the request: %w", err)
	}
	return op, nil
}

func stopOn(err error, stop context.CancelCauseFunc) {
	if err != nil {
		stop(err)
	}
}

// Start opens the user databases and the queue to commands and requests. The
// global database must be migrated.
func (a *App) Start(ctx context.Context) error {
	if err := a.Databases.Start(ctx); err != nil {
		return err
	}
	a.Transfers.Start()
	if err := errors.Join(a.JobFeed.Start(ctx), a.Queue.Start(ctx)); err != nil {
		return err
	}
	return a.listenForCommands()
}

// operate calls fn with a client of the process that owns the data directories:
// the running server or, where none runs, this very process, which owns them
// from then on until it ends.
func (a *App) operate(ctx context.Context, fn func(*control.Client) error) error {
	err := a.Prepare()
	if err == nil {
		if err = a.RunAllMigrations(); err == nil {
			err = a.Start(ctx)
		}
	}
	if err != nil && !errors.Is(err, errRunning) {
		return err
	}
	client := control.Dial(a.DataDir())
	defer client.Close()
	return fn(client)
}
