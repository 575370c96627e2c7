package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// preparedStatements prepares statements on the write connection when they are first used, and keeps
// them until close. Safe for concurrent use.
type preparedStatements struct {
	app core.App

	mu     sync.RWMutex
	byText map[string]*sql.Stmt
}

func newPreparedStatements(app core.App) preparedStatements {
	return preparedStatements{app: app, byText: map[string]*sql.Stmt{}}
}

// preparer provides prepared statements, on the connection or within a transaction.
type preparer interface {
	prepare(ctx context.Context, text string) (*sql.Stmt, error)
}

func (p *preparedStatements) prepare(ctx context.Context, text string) (*sql.Stmt, error) {
	p.mu.RLock()
	statement, ok := p.byText[text]
	p.mu.RUnlock()
	if ok {
		return statement, nil
	}
	db, err := p.connection()
	if err != nil {
		return nil, err
	}
	// PrepareContext waits for the write connection, whose holder may be waiting for p.mu. The lock must
	// not be held here.
	statement, err = db.PrepareContext(ctx, text)
	if err != nil {
		return nil, fmt.Errorf("prepare %.60q: %w", text, err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if first, ok := p.byText[text]; ok {
		return first, statement.Close()
	}
	p.byText[text] = statement
	return statement, nil
}

// connection returns PocketBase's single write connection; database/sql serializes its use.
func (p *preparedStatements) connection() (*sql.DB, error) {
	db, ok := p.app.NonconcurrentDB().(*dbx.DB)
	if !ok {
		return nil, errors.New("queue was created with the app of a transaction")
	}
	return db.DB(), nil
}

// transaction is a transaction that can run the statements it was started with.
type transaction struct {
	*sql.Tx
	byText map[string]*sql.Stmt
}

func (t transaction) prepare(ctx context.Context, text string) (*sql.Stmt, error) {
	return t.StmtContext(ctx, t.byText[text]), nil
}

// begin starts a transaction that may run the given statements. It prepares them first, because no
// statement can be prepared while the transaction holds the connection.
func (p *preparedStatements) begin(ctx context.Context, texts ...string) (transaction, error) {
	t := transaction{byText: make(map[string]*sql.Stmt, len(texts))}
	for _, text := range texts {
		statement, err := p.prepare(ctx, text)
		if err != nil {
			return t, err
		}
		t.byText[text] = statement
	}
	db, err := p.connection()
	if err != nil {
		return t, err
	}
	t.Tx, err = db.BeginTx(ctx, nil)
	return t, err
}

// execute runs a statement and returns how many rows it changed.
func execute(ctx context.Context, db preparer, text string, args ...any) (int64, error) {
	statement, err := db.prepare(ctx, text)
	if err != nil {
		return 0, err
	}
	result, err := statement.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// close closes all statements. Later uses prepare them again.
func (p *preparedStatements) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var err error
	for _, statement := range p.byText {
		err = errors.Join(err, statement.Close())
	}
	clear(p.byText)
	return err
}
