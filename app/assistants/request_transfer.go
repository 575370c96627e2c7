package assistants

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/fathom-to-loom/fathom-to-loom/app/bundle"
	"github.com/fathom-to-loom/fathom-to-loom/app/tokens"
	"github.com/fathom-to-loom/fathom-to-loom/app/transfer"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// maxTransfers is how many recordings one call can transfer. People may select more.
const maxTransfers = 50

type requestTransferInput struct {
	RecordingIDs []int64 `json:"recording_ids"`
}

type requestTransferResult struct {
	Created int                    `json:"created" jsonschema:"transfers that were requested"`
	Active  int                    `json:"active" jsonschema:"recordings that are being transferred already"`
	Skipped int                    `json:"skipped" jsonschema:"recordings that were transferred before"`
	Left    int                    `json:"left" jsonschema:"recordings beyond a limit: request them again later"`
	Jobs    []transfer.TransferJob `json:"jobs" jsonschema:"for transfer_status"`
}

func (s *Service) requestTransferTool() tool[requestTransferInput, requestTransferResult] {
	ids := &jsonSchema{
		Type: "array", Description: "The recording_ids of the meetings.", Items: recordingArgument(),
		MinItems: new(1), MaxItems: new(maxTransfers),
	}
	return tool[requestTransferInput, requestTransferResult]{
		name: "request_transfer", title: "Transfer recordings to Loom", scope: tokens.Transfer,
		description: "Requests the transfer of recordings from Fathom to the person's Loom, with the settings that the person has chosen. " +
			"Only do this if the person asks for it. Nothing happens to recordings that were transferred before.",
		input: arguments(map[string]*jsonSchema{"recording_ids": ids}, "recording_ids"),
		run:   s.runRequestTransfer,
	}
}

func (s *Service) runRequestTransfer(ctx context.Context, c *call, in requestTransferInput) (out requestTransferResult, text string, err error) {
	token := c.owner.Token()
	if !token.Has(tokens.Transfer) { // only the token counts, whatever anybody has said
		return out, "", &tokens.ScopeError{Needed: tokens.Transfer}
	}
	ids := slices.Compact(slices.Sorted(slices.Values(in.RecordingIDs)))
	request := transfer.TransferRequest{Deliver: true}
	err = c.owner.Use(ctx, func(db *userdb.Database) error {
		err := bundle.CheckMeetings(ctx, db.App, ids)
		if unknown, ok := errors.AsType[*bundle.UnknownMeetingError](err); ok {
			return noRecording(unknown.RecordingID)
		}
		if err != nil {
			return err
		}
		plan, err := s.transfers.PlanTransfers(ctx, db, ids, request)
		if err != nil {
			return err
		}
		counts, jobs, err := s.transfers.Transfer(ctx, db, plan, request, s.mayAddJobs(token.UserID))
		out = requestTransferResult{Created: counts.Created, Active: counts.Active, Skipped: counts.Skipped, Left: counts.Left, Jobs: []transfer.TransferJob{}}
		out.Jobs = append(out.Jobs, jobs...)
		return err
	})
	if err != nil {
		return requestTransferResult{}, "", err
	}
	text = fmt.Sprintf("%d transfers were requested. %d recordings are being transferred already, %d were transferred before.", out.Created, out.Active, out.Skipped)
	if out.Left > 0 {
		text += fmt.Sprintf(" %d are beyond a limit: request them again later.", out.Left)
	}
	for _, job := range out.Jobs {
		text += fmt.Sprintf("\nRecording %d: job %s", job.RecordingID, job.JobID)
	}
	return out, text, nil
}
