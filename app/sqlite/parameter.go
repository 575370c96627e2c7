package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/pocketbase/dbx"
)

// ReadParameter reads a value from PocketBase's table of parameters, where it is JSON. It returns false if there is none.
// It is for databases that no PocketBase has open.
func ReadParameter(ctx context.Context, db dbx.Builder, id string, into any) (found bool, err error) {
	var value string
	err = db.NewQuery("SELECT [[value]] FROM {{_params}} WHERE [[id]] = {:id}").Bind(dbx.Params{"id": id}).WithContext(ctx).Row(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, json.Unmarshal([]byte(value), into)
}

// CreateParameter adds a value to PocketBase's table of parameters, unless there is one with this id.
func CreateParameter(ctx context.Context, db dbx.Builder, id string, value any) error {
	return insertParameter(ctx, db, id, value, "NOTHING")
}

// WriteParameter adds a value to PocketBase's table of parameters, or replaces it.
func WriteParameter(ctx context.Context, db dbx.Builder, id string, value any) error {
	return insertParameter(ctx, db, id, value, "UPDATE SET [[value]] = {:value}, [[updated]] = {:now}")
}

func insertParameter(ctx context.Context, db dbx.Builder, id string, value any, onConflict string) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	now := time.Now().UTC().Format("2006-01-02 15:04:05.000Z") // as PocketBase writes times
	_, err = db.NewQuery("INSERT INTO {{_params}} ([[id]], [[value]], [[created]], [[updated]]) VALUES ({:id}, {:value}, {:now}, {:now}) " +
		"ON CONFLICT ([[id]]) DO " + onConflict).
		Bind(dbx.Params{"id": id, "value": string(text), "now": now}).WithContext(ctx).Execute()
	return err
}
