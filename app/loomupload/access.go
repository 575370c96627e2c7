package loomupload

// Access is what an account's credential is. Its owner renews each in another way.
type Access string

// The values of Access.
const (
	AccessToken  Access = ""        // a person's API token
	AccessKey    Access = "key"     // the API key of a service account
	AccessSignIn Access = "sign_in" // a sign-in at Atlassian
)

// RenewAdvice says how the owner gets a credential that works in place of one that doesn't, and where: link is a page at
// Atlassian, or blank.
func (a Access) RenewAdvice() (advice, link string) {
	switch a {
	case AccessKey:
		return "Ask an organization administrator for a new API key of the service account, and connect Loom again with it.", adminPage
	case AccessSignIn:
		return "Press “Connect again” in Settings → Loom to sign in at Atlassian.", ""
	}
	return "Create a new API token and connect Loom again.", tokenPage
}

// refused explains that Atlassian doesn't accept a credential.
func (a Access) refused(quote string) *Problem {
	causes := "it has expired, was revoked or is mistyped"
	if a == AccessSignIn { // nobody types it
		causes = "it has expired or was revoked"
	}
	advice, link := a.RenewAdvice()
	return &Problem{Kind: KindReconnect, Message: "Atlassian doesn't accept this connection, because " + causes + "." + quote, Advice: advice, Link: link}
}

// wrong explains that a credential is good for something else. Loom may accept only a sign-in.
func (a Access) wrong(onlySignIn bool, quote string) *Problem {
	p := &Problem{Kind: KindWrongToken, Message: "This token can't be used for Loom." + quote}
	switch {
	case a == AccessSignIn:
		p.Message = "This sign-in can't be used for Loom." + quote
		p.Advice = "Press “Change” and “Connect Atlassian” in Settings → Loom, and accept everything that this server asks for."
	case onlySignIn:
		p.Message = "Atlassian accepts only a sign-in for Loom, no token or key." + quote
		p.Advice = "Press “Change” and “Connect Atlassian” in Settings → Loom to sign in instead."
	case a == AccessKey:
		p.Message = "This key can't be used for Loom." + quote
		p.Advice = "Ask an organization administrator for an API key of a service account that may use Loom, with all scopes for the app “Rovo MCP V2”. " +
			"Keys of an organization don't work."
		p.Link = adminPage
	default:
		p.Advice = "Create an API token with scopes for the app “Rovo MCP V2”, with all scopes selected. Tokens without scopes and " +
			"tokens of other apps don't work."
		p.Link = tokenPage
	}
	return p
}

// widenAdvice says how the owner allows more than a credential allows now.
func (a Access) widenAdvice() (advice, link string) {
	switch a {
	case AccessKey:
		return "use a key with all scopes", adminPage
	case AccessSignIn:
		return "sign in again and accept everything that this server asks for", ""
	}
	return "create a token with all scopes", tokenPage
}
