package simulator

import (
	"net/http"
	"slices"
	"time"
)

// joined is when everybody and everything in the directory was created.
var joined = time.Date(2025, time.March, 3, 9, 0, 0, 0, time.UTC)

func createdAt(i int) string { return stamp(joined.AddDate(0, 0, 7*i)) }

// getMeetingTypes answers GET /meeting_types.
func (s *Server) getMeetingTypes(w http.ResponseWriter, r *http.Request, _ client) {
	items := []map[string]any{}
	for i, t := range book().people.MeetingTypes {
		items = append(items, map[string]any{"name": t.Name, "status": t.Status, "created_at": createdAt(i)})
	}
	writePage(w, r, othersPerPage, items)
}

// getTeams answers GET /teams.
func (s *Server) getTeams(w http.ResponseWriter, r *http.Request, _ client) {
	items := []map[string]any{}
	for i, name := range book().people.Teams {
		items = append(items, map[string]any{"name": name, "created_at": createdAt(i)})
	}
	writePage(w, r, othersPerPage, items)
}

// getTeamMembers answers GET /team_members, who are the people in a team that may sign in.
func (s *Server) getTeamMembers(w http.ResponseWriter, r *http.Request, _ client) {
	team := r.URL.Query().Get("team")
	items := []map[string]any{}
	for i, p := range book().people.People {
		if p.Status == "active" && p.Team != "" && (team == "" || team == p.Team) {
			items = append(items, map[string]any{"name": p.Name, "email": p.Email, "created_at": createdAt(i)})
		}
	}
	writePage(w, r, othersPerPage, items)
}

// getUsers answers GET /users: active ones first, then deactivated, then invited, as the content has them.
func (s *Server) getUsers(w http.ResponseWriter, r *http.Request, c client) {
	if !c.admin {
		writeError(w, http.StatusForbidden, "account admins only")
		return
	}
	q := r.URL.Query()
	team, status, settings := q.Get("team"), q.Get("status"), q.Get("settings_access")
	switch {
	case status != "" && !slices.Contains([]string{"active", "deactivated", "invited"}, status):
		writeError(w, http.StatusBadRequest, "status must be active, deactivated or invited")
		return
	case settings != "" && !slices.Contains([]string{"none", "team_admin", "account_admin"}, settings):
		writeError(w, http.StatusBadRequest, "settings_access must be none, team_admin or account_admin")
		return
	case status == "invited" && settings != "":
		writeError(w, http.StatusBadRequest, "settings_access cannot be combined with status=invited")
		return
	}
	items := []map[string]any{}
	for i, p := range book().people.People {
		if (team == "" || team == p.Team) && (status == "" || status == p.Status) && (settings == "" || settings == p.Settings) {
			items = append(items, p.asAccount(i))
		}
	}
	writePage(w, r, othersPerPage, items)
}

// asAccount is an item of GET /users; the permissions of somebody who was only invited are left out.
func (p person) asAccount(i int) map[string]any {
	out := map[string]any{"name": optional(p.Name), "email": p.Email, "status": p.Status, "created_at": createdAt(i)}
	if p.Status == "invited" {
		return out
	}
	of := func(scoped bool) []string {
		if scoped && p.Team != "" {
			return []string{p.Team}
		}
		return []string{}
	}
	out["permissions"] = map[string]any{
		"settings_access": map[string]any{"level": p.Settings, "teams": of(p.Settings == "team_admin")},
		"view_access":     map[string]any{"level": p.View, "teams": of(p.View == "team" || p.View == "multiple_teams")},
	}
	return out
}
