package loomupload

import (
	"context"
	"errors"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian"
	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
)

// Ability is what an account can do.
type Ability string

// The values of Ability.
const (
	AbilityUpload Ability = "upload" // upload recordings, and read
	AbilityRead   Ability = "read"   // only read, so that links needn't be pasted
)

// Check is the result of [Uploads.Check].
type Check struct {
	Ability Ability          // blank if the check failed
	Sites   []atlassian.Site // that the credential is for; empty if the credential may not list them
	Site    string           // id of the site that is used, or its address if the sites can't be listed

	// Limited is why Ability is not AbilityUpload; otherwise nil.
	Limited *Problem
}

// Check finds out what an account can do: it connects, lists the sites, finds the operations and reads from Loom once,
// in this order. It changes nothing at Loom. Its errors are *[Problem] or that of ctx; a *Problem of KindSite comes with the
// sites to choose from.
func (u *Uploads) Check(ctx context.Context, account Account) (Check, error) {
	l := u.open(account)
	defer l.close()
	var check Check
	var err error
	var doubt *Problem
	if check.Sites, check.Site, doubt, err = l.checkSite(ctx); err != nil {
		return check, err
	}
	u.catalogs.drop(account.cacheKey())
	operations, err := l.operations(ctx)
	if err != nil {
		return check, err
	}
	l.catalog, l.known = u.readCatalog(operations, check.Site), true
	if _, err := l.catalog.find(opList); err != nil {
		if doubt != nil && doubt.Kind == KindWrongToken { // such a token sees none of Loom's operations
			return check, doubt
		}
		return check, err
	}
	if _, _, err := l.list(ctx, ""); err != nil {
		return check, err
	}
	u.catalogs.put(account.cacheKey(), l.catalog)
	check.Ability = AbilityUpload
	if err := l.checkUpload(); err != nil {
		check.Ability = AbilityRead
		check.Limited, _ = errors.AsType[*Problem](err)
	}
	return check, nil
}

// checkSite connects, and returns the sites and the one to use. A token that may not list sites needs one that was
// entered; doubt is then why it may not.
func (l *line) checkSite(ctx context.Context) (sites []atlassian.Site, site string, doubt *Problem, err error) {
	wanted := strings.TrimSpace(l.account.Site)
	sites, err = l.sites(ctx)
	if isKind(err, KindForbidden, KindWrongToken, KindContract, KindNotFound) {
		doubt, _ = errors.AsType[*Problem](err)
		if wanted != "" {
			return nil, callSite(wanted), doubt, nil
		}
		if doubt.Kind == KindForbidden || doubt.Kind == KindWrongToken {
			advice, link := l.account.Access.widenAdvice()
			return nil, "", doubt, &Problem{
				Kind: KindSite, Message: "Your connection may not list your Atlassian sites.", err: err,
				Advice: "Enter the address of your site, such as example.atlassian.net, or " + advice + ".", Link: link,
			}
		}
	}
	if err != nil {
		return nil, "", nil, err
	}
	found, ok := siteOf(sites, wanted)
	if !ok {
		return sites, "", nil, chooseSite(sites, wanted)
	}
	return sites, found.ID, nil, nil
}

// chooseSite explains that no site is certain.
func chooseSite(sites []atlassian.Site, wanted string) error {
	switch {
	case len(sites) == 0:
		return &Problem{
			Kind: KindNoWorkspace, Message: "Your Atlassian account has no site that this connection can be used for.",
			Advice: "Connect with the account that your Loom workspace is linked to.", Link: adminPage,
		}
	case wanted != "":
		return &Problem{Kind: KindSite, Message: "Your connection isn't for the chosen Atlassian site.", Advice: "Choose one of the sites listed here."}
	}
	return &Problem{Kind: KindSite, Message: "Your connection is for several Atlassian sites.", Advice: "Choose the site that your Loom workspace is linked to."}
}

// checkUpload reports why the account can't upload: an operation is missing, or wants something unknown. The inputs are
// those of a recording that everyone has.
func (l *line) checkUpload() error {
	for _, documented := range []string{opCreate, opPublish} {
		if _, err := l.catalog.find(documented); err != nil {
			return err
		}
	}
	create := l.catalog.operations[opCreate]
	sample := uploadValues(loom.Recording{FileName: "Sample.mp4", Title: "Sample", Size: 1, Duration: 1e9}, loom.Options{}.Resolved())
	known := sample.with(values{meansSite: text(l.catalog.site), meansFolder: text("sample")})
	if _, _, err := fill(create.Name, create.InputSchema, known, nil); err != nil {
		return err
	}
	return l.catalog.checkPublish(known)
}
