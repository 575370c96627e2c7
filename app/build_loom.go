package app

import (
	"context"
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian"
	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian/oauth"
	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/app/loomaccount"
	"github.com/fathom-to-loom/fathom-to-loom/app/loomupload"
	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
	"github.com/fathom-to-loom/fathom-to-loom/app/transfer"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// buildLoomAccounts creates the service that uses Loom through Atlassian, and chooses the uploader.
func (a *App) buildLoomAccounts() error {
	local := a.Config.LocalAtlassian()
	direct := a.Network().Transport()
	a.atlassian = &http.Client{Transport: direct}
	// What metadata and answers name must not be in the operator's own network.
	elsewhere := &http.Client{Transport: outbound.NewGuard(a.Network(), local).Transport(direct)}
	a.uploadHosts = elsewhere
	client, err := atlassian.New(atlassian.Config{
		Endpoint: a.Config.AtlassianMCPURL, ProtocolVersion: a.Config.AtlassianMCPProtocolVersion, Version: BuildVersion(),
		AllTools: a.Config.AtlassianMCPTools == config.MCPToolsAll, HTTP: a.atlassian,
		CallTimeout: a.Config.AtlassianMCPCallTimeout.Std(), Logger: a.logger("atlassian"),
		OnCall: func(problem atlassian.Kind) { a.Metrics.AtlassianCalled(string(problem)) },
	})
	if err != nil {
		return err
	}
	uploads, err := loomupload.New(loomupload.Config{
		Client: client, HTTP: elsewhere, Loom: a.loom, Hosts: a.Config.AtlassianUploadHosts(), AllowHTTP: local != nil,
		Names:   a.Config.AtlassianMCPOperations.Names(),
		MaxSize: a.Config.AtlassianMCPMaxSize.Bytes(), IdleTimeout: a.Config.AtlassianMCPUploadIdleTimeout.Std(),
		ProcessingWait: a.Config.AtlassianProcessingWait(), Logger: a.logger("loomupload"), OnBytes: a.Metrics.ToLoom,
	})
	if err != nil {
		return err
	}
	a.uploads = uploads
	signIn, err := oauth.New(oauth.Config{
		Resource: a.Config.AtlassianMCPURL, Scopes: a.Config.AtlassianMCPScopes, HTTP: elsewhere, Logger: a.logger("atlassian"), Now: a.AtlassianNow,
	})
	if err != nil {
		return err
	}
	a.LoomAccounts = loomaccount.New(loomaccount.Config{
		Global: a.App, Databases: a.Databases, Uploads: uploads, OAuth: signIn, Loom: a.loom, Required: a.Config.LoomUploader == config.LoomUploaderAtlassian,
		AppURLs: a.Config.AppURLs(), Logger: a.logger("loomaccount"), Now: a.AtlassianNow,
		Record: func(db *userdb.Database, used *core.Record, result loomaccount.Result) error {
			finding, err := findingOf(result)
			return a.Transfers.RecordFinding(db, used, finding, err)
		},
	})
	if a.Uploader == nil {
		a.Uploader = a.LoomAccounts.Uploader()
	}
	return nil
}

// checkLoom is the transfer.Checker of connections to Loom.
func (a *App) checkLoom(ctx context.Context, db *userdb.Database, connection *core.Record, secret string) (transfer.Finding, error) {
	return findingOf(a.LoomAccounts.Check(ctx, db, connection, secret))
}

// findingOf returns the result of a check as a transfer.Checker does.
func findingOf(result loomaccount.Result) (transfer.Finding, error) {
	finding := transfer.Finding{Reason: result.Reason(), Details: result.Details}
	for _, ability := range result.Abilities {
		finding.Abilities = append(finding.Abilities, string(ability))
	}
	if result.Err == nil {
		return finding, nil
	}
	return finding, &transfer.CheckError{Message: result.Details.Message, Advice: result.Details.Advice, Temporary: result.Temporary, Err: result.Err}
}
