package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Jobs that run once more or wait for a pause of their user; pauses of a single user and by the server; schedules
// that the server sets, and schedules that stop.
func init() {
	const (
		scheduled       = "idx_global_queue_scheduled"
		pausedJobs      = "idx_global_queue_paused"
		pauseOfKind     = "idx_queue_pauses_kind"
		notDue          = "status = 'pending' AND ready = FALSE"
		notDueNorPaused = notDue + " AND paused = FALSE"
	)
	register("1796100000_queue_automation.go", func(app core.App) error {
		jobs, err := app.FindCollectionByNameOrId(GlobalQueue)
		if err != nil {
			return err
		}
		jobs.Fields.Add(
			&core.BoolField{Name: "again", Hidden: true},  // when the running job is completed, it runs once more
			&core.BoolField{Name: "paused", Hidden: true}, // pending and due, but not ready because of a pause for its user
		)
		jobs.RemoveIndex(scheduled)
		jobs.AddIndex(scheduled, false, "run_at", notDueNorPaused)
		jobs.AddIndex(pausedJobs, false, "user, kind", "paused = TRUE")
		if err := app.Save(jobs); err != nil {
			return err
		}

		users, err := app.FindCollectionByNameOrId(Users)
		if err != nil {
			return err
		}
		pauses, err := app.FindCollectionByNameOrId(QueuePauses)
		if err != nil {
			return err
		}
		pauses.Fields.Add(
			&core.RelationField{Name: "user", CollectionId: users.Id, MaxSelect: 1, CascadeDelete: true}, // blank means everybody
			&core.SelectField{Name: "source", MaxSelect: 1, Values: []string{"operator", "provider", "key"}},
		)
		pauses.RemoveIndex(pauseOfKind)
		pauses.AddIndex(pauseOfKind, true, "kind, user, source", "")
		if err := app.Save(pauses); err != nil {
			return err
		}
		if _, err := app.NonconcurrentDB().NewQuery("UPDATE queue_pauses SET source = 'operator'").Execute(); err != nil {
			return err
		}

		schedules, err := app.FindCollectionByNameOrId(JobSchedules)
		if err != nil {
			return err
		}
		schedules.Fields.Add(
			&core.BoolField{Name: "system", Hidden: true},                    // created by the server, for a single run
			&core.BoolField{Name: "automatic"},                               // the server chose every
			&core.TextField{Name: "stopped", Max: 300},                       // why it no longer runs
			&core.NumberField{Name: "failures", OnlyInt: true, Hidden: true}, // runs in a row that ended dead
		)
		own := types.Pointer(*ownedBy() + " && system = false")
		schedules.ListRule, schedules.ViewRule, schedules.UpdateRule, schedules.DeleteRule = own, own, own, own
		return app.Save(schedules)
	}, func(app core.App) error {
		for _, statement := range []string{
			"DELETE FROM job_schedules WHERE system = TRUE", "DELETE FROM queue_pauses WHERE user != '' OR source != 'operator'",
			"UPDATE global_queue SET paused = FALSE WHERE paused = TRUE",
		} {
			if _, err := app.NonconcurrentDB().NewQuery(statement).Execute(); err != nil {
				return err
			}
		}
		schedules, err := app.FindCollectionByNameOrId(JobSchedules)
		if err != nil {
			return err
		}
		schedules.ListRule, schedules.ViewRule, schedules.UpdateRule, schedules.DeleteRule = ownedBy(), ownedBy(), ownedBy(), ownedBy()
		if err := removeFields(app, schedules, "system", "automatic", "stopped", "failures"); err != nil {
			return err
		}
		pauses, err := app.FindCollectionByNameOrId(QueuePauses)
		if err != nil {
			return err
		}
		pauses.RemoveIndex(pauseOfKind)
		pauses.AddIndex(pauseOfKind, true, "kind", "")
		if err := removeFields(app, pauses, "user", "source"); err != nil {
			return err
		}
		jobs, err := app.FindCollectionByNameOrId(GlobalQueue)
		if err != nil {
			return err
		}
		jobs.RemoveIndex(pausedJobs)
		jobs.RemoveIndex(scheduled)
		jobs.AddIndex(scheduled, false, "run_at", notDue)
		return removeFields(app, jobs, "again", "paused")
	})
}

func removeFields(app core.App, collection *core.Collection, names ...string) error {
	for _, name := range names {
		collection.Fields.RemoveByName(name)
	}
	return app.Save(collection)
}
