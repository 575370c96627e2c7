package fathom

import (
	"context"
	"iter"
	"net/url"
	"time"
)

// MeetingType is a kind of meeting the account knows, by name.
type MeetingType struct {
	Name      string    `json:"name"`
	Status    string    `json:"status"` // active, inactive
	CreatedAt time.Time `json:"created_at"`
}

// Team has no id at Fathom: its name is its key.
type Team struct {
	Name      string    `json:"name"`
	CreatedAt time.Time `json:"created_at"`
}

// TeamMember is one person of a team.
type TeamMember struct {
	Name      string    `json:"name"`
	Email     string    `json:"email"`
	CreatedAt time.Time `json:"created_at"`
}

// User is one person of the account, as an account admin sees them.
type User struct {
	Name        string       `json:"name"`
	Email       string       `json:"email"`
	CreatedAt   time.Time    `json:"created_at"`
	Status      string       `json:"status"`      // active, deactivated, invited
	Permissions *Permissions `json:"permissions"` // nil for the invited
}

// Permissions says what a user may change and see.
type Permissions struct {
	SettingsAccess Access `json:"settings_access"` // none, team_admin, account_admin
	ViewAccess     Access `json:"view_access"`     // own_meetings, team, multiple_teams, all_teams
}

// Access is a level and the teams it covers.
type Access struct {
	Level string   `json:"level"`
	Teams []string `json:"teams"`
}

// UserQuery narrows a list of users; blank fields don't.
type UserQuery struct {
	Team           string // team name
	Status         string // active, deactivated, invited; not with SettingsAccess
	SettingsAccess string // none, team_admin, account_admin
}

// ListMeetingTypes returns one page of the account's meeting types.
func (a *Account) ListMeetingTypes(ctx context.Context, cursor string) (Page[MeetingType], error) {
	return list[MeetingType](ctx, a, call{op: "list meeting types", path: "/meeting_types"}, cursor)
}

// MeetingTypes walks all meeting types.
func (a *Account) MeetingTypes(ctx context.Context) iter.Seq2[MeetingType, error] {
	return all("list meeting types", func(cursor string) (Page[MeetingType], error) {
		return a.ListMeetingTypes(ctx, cursor)
	})
}

// ListTeams returns one page of the teams the key's user can see.
func (a *Account) ListTeams(ctx context.Context, cursor string) (Page[Team], error) {
	return list[Team](ctx, a, call{op: "list teams", path: "/teams"}, cursor)
}

// Teams walks all teams.
func (a *Account) Teams(ctx context.Context) iter.Seq2[Team, error] {
	return all("list teams", func(cursor string) (Page[Team], error) {
		return a.ListTeams(ctx, cursor)
	})
}

// ListTeamMembers returns one page of a team's members, or of all teams' when
// team is blank.
func (a *Account) ListTeamMembers(ctx context.Context, team, cursor string) (Page[TeamMember], error) {
	query := url.Values{}
	setText(query, "team", team)
	return list[TeamMember](ctx, a, call{op: "list team members", path: "/team_members", query: query}, cursor)
}

// TeamMembers walks all members of a team.
func (a *Account) TeamMembers(ctx context.Context, team string) iter.Seq2[TeamMember, error] {
	return all("list team members", func(cursor string) (Page[TeamMember], error) {
		return a.ListTeamMembers(ctx, team, cursor)
	})
}

// ListUsers returns one page of the account's users. Only an account admin's key
// may ask; others get KindForbidden.
func (a *Account) ListUsers(ctx context.Context, q UserQuery, cursor string) (Page[User], error) {
	query := url.Values{}
	setText(query, "team", q.Team)
	setText(query, "status", q.Status)
	setText(query, "settings_access", q.SettingsAccess)
	return list[User](ctx, a, call{op: "list users", path: "/users", query: query}, cursor)
}

// Users walks all users.
func (a *Account) Users(ctx context.Context, q UserQuery) iter.Seq2[User, error] {
	return all("list users", func(cursor string) (Page[User], error) {
		return a.ListUsers(ctx, q, cursor)
	})
}
