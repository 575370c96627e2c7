package simulator

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed content/*.json
var contentFS embed.FS

// organisation is the domain of the simulated Fathom account. It is reserved (RFC 2606), so mail to it
// is never delivered.
const organisation = "northwind.example"

type (
	person struct {
		Name, Email, Team, Status, Settings, View string // Team, Status, Settings and View only for members
		Company                                   string // only for guests
		Deal                                      float64
	}
	peopleContent struct {
		Teams        []string
		MeetingTypes []struct{ Name, Status string } `json:"meeting_types"`
		People       []person
		Guests       []person
	}
	topic struct {
		Type, Clip                         string
		Summary, Decisions, Actions, Lines []string
	}
	plannedMeeting struct {
		Title, Topic, Host string
		With, Guests       []string
		Impromptu          bool
	}
	content struct {
		people   peopleContent
		topics   map[string]topic
		meetings []plannedMeeting
		asides   []string
	}
)

// embeddedContent reads the embedded texts once. It panics if they are invalid, because that is a bug
// in this package.
var embeddedContent = sync.OnceValue(func() content {
	var c content
	for name, into := range map[string]any{
		"people": &c.people, "topics": &c.topics, "meetings": &c.meetings, "asides": &c.asides,
	} {
		raw, err := contentFS.ReadFile("content/" + name + ".json")
		if err == nil {
			err = json.Unmarshal(raw, into)
		}
		if err != nil {
			panic(fmt.Errorf("read simulator content %s: %w", name, err))
		}
	}
	return c
})

// findPerson returns the member or guest whose e-mail address has the given local part. It panics if
// there is no such person.
func findPerson(localPart string) person {
	c := embeddedContent().people
	for _, p := range slices.Concat(c.People, c.Guests) {
		if strings.HasPrefix(p.Email, localPart+"@") {
			return p
		}
	}
	panic("simulator content has no person " + localPart)
}

// teamOf returns the team of a member of the organisation, or "" for any other address.
func teamOf(email string) string {
	for _, p := range embeddedContent().people.People {
		if p.Email == email {
			return p.Team
		}
	}
	return ""
}

func (p person) domain() string {
	_, domain, _ := strings.Cut(p.Email, "@")
	return domain
}

func (p person) toUser() user {
	return user{Name: p.Name, Email: p.Email, EmailDomain: p.domain(), Team: nullable(p.Team)}
}

func (p person) toInvitee() invitee {
	return invitee{
		Name: nullable(p.Name), Email: nullable(p.Email), EmailDomain: nullable(p.domain()),
		IsExternal: p.domain() != organisation, Speaker: nullable(p.Name),
	}
}
