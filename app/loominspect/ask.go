package loominspect

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian"
	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian/oauth"
	"github.com/fathom-to-loom/fathom-to-loom/app/loomupload"
)

// unknownVideo is the id of a video that nobody has.
const unknownVideo = "00000000000000000000000000000000"

// ask asks all questions that make sense after the answers so far.
func (p *probe) ask(ctx context.Context) {
	p.askMetadata(ctx)
	if !p.askCheck(ctx) {
		return
	}
	p.askAll(ctx)
	p.askDiscover(ctx)
	if p.cfg.Upload && ctx.Err() == nil {
		p.askUpload(ctx)
	}
}

// askMetadata asks how to sign in with a browser, without a credential.
func (p *probe) askMetadata(ctx context.Context) {
	const question = "How to sign in with a browser"
	client, err := oauth.New(oauth.Config{
		Resource: p.endpoint(), HTTP: &http.Client{Transport: p.journal.transport(toMetadata, p.cfg.Transport)}, Timeout: p.cfg.CallTimeout, Now: p.cfg.Now,
	})
	if err == nil {
		var server oauth.Server
		if server, err = client.Discover(ctx); err == nil {
			p.answer(question, "%d scopes, registration %t, revocation %t", len(server.Scopes), server.RegisterURL != "", server.RevokeURL != "")
		}
	}
	if err != nil {
		p.fail(question, err)
	}
	err = connect(ctx, p.all, none{}, func(*atlassian.Session) error { return nil })
	if failed, ok := errors.AsType[*atlassian.Error](err); ok {
		p.answer("Without a credential", "status %d", failed.Status)
	}
}

// none is a credential that is refused.
type none struct{}

// Authorization implements atlassian.Credential.
func (none) Authorization(context.Context) (string, error) { return "Bearer none", nil }

// Renew implements atlassian.Credential.
func (none) Renew(context.Context, string) (bool, error) { return false, nil }

func (p *probe) endpoint() string {
	if p.cfg.Endpoint == "" {
		return atlassian.DefaultEndpoint
	}
	return p.cfg.Endpoint
}

// askCheck checks the connection as the program does when a person connects. It reports whether more can be asked.
func (p *probe) askCheck(ctx context.Context) bool {
	const question = "The check of the connection"
	var err error
	p.check, err = p.uploads.Check(ctx, p.account())
	p.answer("Sites", "%d", len(p.check.Sites))
	for _, site := range p.check.Sites {
		p.answer("Scopes of a site", "%s", strings.Join(site.Scopes, " "))
	}
	if err != nil {
		p.fail(question, err)
		problem, ok := errors.AsType[*loomupload.Problem](err)
		return ok && problem.Kind != loomupload.KindReconnect && problem.Kind != loomupload.KindUnavailable
	}
	p.answer(question, "the account can %s", p.check.Ability)
	if p.check.Limited != nil {
		p.answer("Why it can't upload", "%s", explain(p.check.Limited))
	}
	return true
}

func (p *probe) account() loomupload.Account {
	account := loomupload.Account{Key: "inspect", Credential: p.credential, Site: p.cfg.Site}
	if p.cfg.Key != "" {
		account.Access = loomupload.AccessKey
	}
	return account
}

// askAll asks with the list of all operations, and what errors look like.
func (p *probe) askAll(ctx context.Context) {
	const question = "Operations in the list of all"
	err := connect(ctx, p.all, p.credential, func(session *atlassian.Session) error {
		catalog, err := session.Operations(ctx, p.names()...)
		if err != nil {
			return err
		}
		p.answer(question, "%s", describeCatalog(catalog))
		if operation, ok := catalog.Find("atlassianUserInfo"); ok {
			_, err := session.Call(ctx, operation, "", nil)
			p.answer("The account", "%s", outcome(err))
		}
		get, ok := p.find(catalog, "getLoomVideo")
		if !ok {
			return nil
		}
		for _, inputs := range []map[string]any{videoInputs(get), {}} {
			_, err := session.Call(ctx, get, p.check.Site, inputs)
			p.answer(fmt.Sprintf("An unknown video, with %d inputs", len(inputs)), "%s", outcome(err))
			if err != nil && ctx.Err() != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		p.fail(question, err)
	}
}

// askDiscover asks for operations with the tool discover, and calls one of them as it has to be called then.
func (p *probe) askDiscover(ctx context.Context) {
	const question = "Operations with discover"
	err := connect(ctx, p.discover, p.credential, func(session *atlassian.Session) error {
		catalog, err := session.Operations(ctx, p.names()...)
		if err != nil {
			return err
		}
		p.answer(question, "%s", describeCatalog(catalog))
		list, ok := p.find(catalog, "listLoomVideos")
		if !ok {
			p.answer("A list of videos after discover", "listLoomVideos is not offered")
			return nil
		}
		_, err = session.Call(ctx, list, p.check.Site, nil)
		p.answer("A list of videos after discover", "%s, with %s", outcome(err), toolOf(list))
		return err
	})
	if err != nil {
		p.fail(question, err)
	}
}

// connect runs do in a session.
func connect(ctx context.Context, client *atlassian.Client, credential atlassian.Credential, do func(*atlassian.Session) error) error {
	session, err := client.Connect(ctx, credential)
	if err != nil {
		return err
	}
	defer func() { _ = session.Close() }() // the server ends it anyway
	return do(session)
}

// names returns the names of all operations that the program uses.
func (p *probe) names() (names []string) {
	for _, documented := range loomupload.Operations() {
		names = append(append(names, p.cfg.Names[documented]...), documented)
	}
	return names
}

// find returns an operation by its documented name.
func (p *probe) find(catalog atlassian.Catalog, documented string) (atlassian.Operation, bool) {
	return catalog.Find(append(append([]string(nil), p.cfg.Names[documented]...), documented)...)
}

// videoInputs name a video that doesn't exist, in the first required input that isn't the site.
func videoInputs(operation atlassian.Operation) map[string]any {
	required, _ := operation.InputSchema["required"].([]any)
	for _, name := range required {
		if name, ok := name.(string); ok && name != "cloudId" {
			return map[string]any{name: unknownVideo}
		}
	}
	return map[string]any{"videoId": unknownVideo}
}

func describeCatalog(catalog atlassian.Catalog) string {
	loom := 0
	for _, operation := range catalog.Operations() {
		if strings.Contains(strings.ToLower(operation.Name), "loom") {
			loom++
		}
	}
	return fmt.Sprintf("%d, of which %d are for loom", catalog.Len(), loom)
}

func toolOf(operation atlassian.Operation) string {
	if operation.Tool == "" {
		return "a tool of its own"
	}
	return operation.Tool
}

func outcome(err error) string {
	if err == nil {
		return "answered"
	}
	return explain(err)
}
