package simulator

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

//go:embed content/*.json
var contentFS embed.FS

// organisation is whose Fathom account this is. The domain is reserved (RFC 2606), so no mail ever arrives anywhere.
const organisation = "northwind.example"

type (
	person struct {
		Name, Email, Team, Status, Settings, View string // of the organisation
		Company                                   string // of guests
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

// book reads the embedded texts once. They are part of the program, so a broken one is a bug and panics.
var book = sync.OnceValue(func() content {
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

// personCalled finds somebody by the part of the address before the @.
func personCalled(key string) person {
	c := book()
	for _, p := range append(c.people.People[:len(c.people.People):len(c.people.People)], c.people.Guests...) {
		if strings.HasPrefix(p.Email, key+"@") {
			return p
		}
	}
	panic("simulator content names nobody called " + key)
}

// teamOf is the team of an address of the organisation, "" for others.
func teamOf(email string) string {
	for _, p := range book().people.People {
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

func (p person) asUser() user {
	return user{Name: p.Name, Email: p.Email, EmailDomain: p.domain(), Team: optional(p.Team)}
}

func (p person) asInvitee() invitee {
	return invitee{
		Name: optional(p.Name), Email: optional(p.Email), EmailDomain: optional(p.domain()),
		IsExternal: p.domain() != organisation, Speaker: optional(p.Name),
	}
}
