package hooks

import (
	"errors"
	"html/template"
	"net/http"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/notify"
	"github.com/fathom-to-loom/fathom-to-loom/app/preferences"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
)

// unsubscriptions ends mail to people who need not be signed in: a link in the mail is enough.
type unsubscriptions struct {
	handlers
	rate *limit.Rate // of each network
}

func (h handlers) bindUnsubscribe() {
	u := unsubscriptions{h, limit.NewRate(limit.CredentialChecksPerSecond, limit.CredentialCheckBurst, time.Now)}
	h.onServe("unsubscribe", func(e *core.ServeEvent) error {
		e.Router.GET(notify.UnsubscribePath, u.ask) // mail programs and virus scanners open links, so GET changes nothing
		e.Router.POST(notify.UnsubscribePath, u.unsubscribe)
		return nil
	})
}

// ask shows a page with a button.
func (u unsubscriptions) ask(e *core.RequestEvent) error {
	_, group, err := u.parse(e)
	if err != nil {
		return err
	}
	return showUnsubscribePage(e, unsubscribePage{Group: groupNames[group], Token: e.Request.URL.Query().Get("token")})
}

// unsubscribe is the target of the button, and of the mail programs that support RFC 8058.
func (u unsubscriptions) unsubscribe(e *core.RequestEvent) error {
	userID, group, err := u.parse(e)
	if err != nil {
		return err
	}
	switch err := u.Notify.Unsubscribe(e.Request.Context(), userID, group); {
	case errors.Is(err, registry.ErrNotFound):
		return e.NotFoundError("There is no such account any more.", err)
	case err != nil:
		return e.Error(http.StatusServiceUnavailable, "This isn't possible now. Try again in a minute.", err)
	}
	return showUnsubscribePage(e, unsubscribePage{Group: groupNames[group], Done: true})
}

func (u unsubscriptions) parse(e *core.RequestEvent) (userID, group string, err error) {
	if wait, ok := u.rate.Take(network(e)); !ok {
		return "", "", tooManyRequests(e, wait, "Too many attempts from your network. Wait a moment and try again.")
	}
	userID, group, err = u.Notify.ParseUnsubscribe(e.Request.URL.Query().Get("token"))
	if err != nil {
		return "", "", e.NotFoundError("This link is not complete. Copy all of it from the mail.", err)
	}
	return userID, group, nil
}

var groupNames = map[string]string{
	preferences.GroupFailed: "mail about failures", preferences.GroupYourTurn: "mail about recordings that are ready for Loom",
	preferences.GroupDigest: "the weekly summary",
}

type unsubscribePage struct {
	Group, Token string
	Done         bool
}

var unsubscribeHTML = template.Must(template.New("unsubscribe").Parse(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Unsubscribe - Fathom-to-Loom</title>
<link rel="stylesheet" href="/app.css">
</head>
<body>
<main class="splash">
<h1>Unsubscribe</h1>
{{if .Done}}<p role="status">You won't receive {{.Group}} any more. You can change this in Settings.</p>
{{else}}<p>Do you want to stop {{.Group}}?</p>
<form method="post" action="` + notify.UnsubscribePath + `?token={{.Token}}"><button class="button primary" type="submit">Unsubscribe</button></form>
{{end}}</main>
</body>
</html>
`))

func showUnsubscribePage(e *core.RequestEvent, page unsubscribePage) error {
	var html strings.Builder
	if err := unsubscribeHTML.Execute(&html, page); err != nil {
		return e.InternalServerError("", err)
	}
	header := e.Response.Header()
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	return e.HTML(http.StatusOK, html.String())
}
