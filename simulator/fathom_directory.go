package simulator

import (
	"net/http"
	"slices"
	"time"
)

// createdAt returns the created_at of the i-th entry of a directory list: one entry was added per week.
func createdAt(i int) string {
	return formatTime(time.Date(2025, time.March, 3+7*i, 9, 0, 0, 0, time.UTC))
}

// getMeetingTypes handles GET /meeting_types.
func (s *Server) getMeetingTypes(w http.ResponseWriter, r *http.Request, _ client) {
	items := []map[string]any{}
	for i, t := range embeddedContent().people.MeetingTypes {
		items = append(items, map[string]any{"name": t.Name, "status": t.Status, "created_at": createdAt(i)})
	}
	writePage(w, r, defaultPageSize, items)
}

// getTeams handles GET /teams.
func (s *Server) getTeams(w http.ResponseWriter, r *http.Request, _ client) {
	items := []map[string]any{}
	for i, name := range embeddedContent().people.Teams {
		items = append(items, map[string]any{"name": name, "created_at": createdAt(i)})
	}
	writePage(w, r, defaultPageSize, items)
}

// getTeamMembers handles GET /team_members, which lists the active people in teams.
func (s *Server) getTeamMembers(w http.ResponseWriter, r *http.Request, _ client) {
	team := r.URL.Query().Get("team")
	items := []map[string]any{}
	for i, p := range embeddedContent().people.People {
		if p.Status == "active" && p.Team != "" && (team == "" || team == p.Team) {
			items = append(items, map[string]any{"name": p.Name, "email": p.Email, "created_at": createdAt(i)})
		}
	}
	writePage(w, r, defaultPageSize, items)
}

// getUsers handles GET /users. The content lists active people first, then deactivated, then invited ones.
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
	for i, p := range embeddedContent().people.People {
		if (team == "" || team == p.Team) &&
			(status == "" || status == p.Status) &&
			(settings == "" || settings == p.Settings) {
			items = append(items, p.accountJSON(i))
		}
	}
	writePage(w, r, defaultPageSize, items)
}

// accountJSON returns an item of GET /users. Invited people have no permissions yet.
func (p person) accountJSON(i int) map[string]any {
	out := map[string]any{"name": nullable(p.Name), "email": p.Email, "status": p.Status, "created_at": createdAt(i)}
	if p.Status == "invited" {
		return out
	}
	teams := func(scoped bool) []string {
		if scoped && p.Team != "" {
			return []string{p.Team}
		}
		return []string{}
	}
	out["permissions"] = map[string]any{
		"settings_access": map[string]any{"level": p.Settings, "teams": teams(p.Settings == "team_admin")},
		"view_access":     map[string]any{"level": p.View, "teams": teams(p.View == "team" || p.View == "multiple_teams")},
	}
	return out
}
